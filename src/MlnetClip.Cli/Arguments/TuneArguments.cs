using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using MlnetClip.Search.Planning;
using MlnetClip.Search.Spaces;
using MlnetClip.Settings;

namespace MlnetClip.Cli.Arguments;

/// <summary>The options of a search; the defaults are the library's.</summary>
internal sealed class TuneArguments
{
    private static readonly ClippingStudyOptions Defaults = new();
    private static readonly Dictionary<string, SearchedRule> Rules = Enum.GetValues<SearchedRule>().ToDictionary(ClippingSpace.Name);

    private readonly Option<int> _trials = Flag.Whole(
        new("--trials", 2, 100_000), "COUNT", "the largest number of fits: one without clipping, about half of the others with different settings, the rest for the best settings with other seeds; fewer if few are stopped early; a verdict needs about 8",
        Defaults.Budget.MaxModelToExplore);

    private readonly Option<TimeSpan?> _timeBudget = Flag.Setting<TimeSpan?>(
        "--time-budget", "TIME", "the time limit of the search, for example 90s, 10m or 2h; the result then depends on the machine; by default none", null, text => ParseTime(text));

    private readonly Option<int> _seeds = Flag.Whole(new("--seeds", 1, 1000), "COUNT", "the number of seeds for the best settings; a verdict needs 2", Defaults.Seeds);

    private readonly Option<IReadOnlyList<SearchedRule>> _rules = Flag.Setting(
        "--rules", "RULES", $"the rules to search, joined by commas: {string.Join(", ", Rules.Keys)}; by default norm", Defaults.Rules, ParseRules);

    private readonly Option<int> _workers = Flag.Whole(
        new("--workers", 1, 1024), "COUNT", "fits that run concurrently; the result does not depend on it; by default one per processor, at most 4", Math.Min(Environment.ProcessorCount, Defaults.GenerationSize));

    /// <summary>The learning rates to search.</summary>
    public Option<(double Minimum, double Maximum)?> LearningRates { get; } = Flag.Setting<(double, double)?>(
        "--learning-rates", "LOW..HIGH", "the learning rates to search, for example 0.0005..0.01; by default --learning-rate", null, text => ParseRates(text));

    /// <summary>The batch sizes to search.</summary>
    public Option<IReadOnlyList<int>?> BatchSizes { get; } = Flag.Setting<IReadOnlyList<int>?>(
        "--batch-sizes", "WINDOWS", "the batch sizes to search, joined by commas, for example 16,32,64; by default --batch", null, ParseSizes);

    /// <summary>The file of the study.</summary>
    public Option<string> Study { get; } = Flag.Text("--study", "FILE", "stores the search while it runs; the same command resumes it, and several commands can share it");

    /// <summary>The largest number of fits.</summary>
    public int Trials(ParseResult arguments) => arguments.GetValue(_trials);

    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { _trials, _timeBudget, _seeds, _rules, LearningRates, BatchSizes, _workers, Study }) command.Options.Add(option);
    }

    /// <summary>Reports that both a value and a search over it are given.</summary>
    public static void CheckOne(CommandResult result, Option one, Option searched)
    {
        if (result.GetResult(one) is { Implicit: false } && result.GetResult(searched) is { Implicit: false })
            result.AddError($"Only one of {one.Name} and {searched.Name} may be given.");
    }

    /// <summary>The study's options except the pipeline and the monitor.</summary>
    public ClippingStudyOptions ToOptions(ParseResult arguments) => new()
    {
        Budget = new StudyBudget { MaxModelToExplore = Trials(arguments), TrainingTimeInSeconds = arguments.GetValue(_timeBudget)?.TotalSeconds },
        Seeds = arguments.GetValue(_seeds),
        Rules = arguments.GetRequiredValue(_rules),
        LearningRates = arguments.GetValue(LearningRates),
        BatchSizes = arguments.GetValue(BatchSizes) ?? [],
        Workers = arguments.GetValue(_workers),
        StoragePath = arguments.GetValue(Study),
    };

    private static IReadOnlyList<SearchedRule> ParseRules(string text)
    {
        string[] names = text.Split(',', StringSplitOptions.TrimEntries);
        if (names.FirstOrDefault(name => !Rules.ContainsKey(name)) is { } unknown)
            throw new FormatException($"there is no rule '{unknown}' to search; the rules are {string.Join(", ", Rules.Keys)}.");
        if (names.Distinct().Count() < names.Length) throw new FormatException($"each rule must be named once, but was '{text}'.");
        return [.. names.Select(name => Rules[name])];
    }

    private static (double, double) ParseRates(string text)
    {
        OptionRange range = ForecasterArguments.Rates;
        if (text.Split("..") is not [var first, var second] || !Rate(first, out double low) || !Rate(second, out double high) || low >= high)
            throw new FormatException($"must be two numbers, {range.Describe()}, the smaller first, such as 0.0005..0.01, but was '{text}'.");
        try
        {
            // Throws the exception that the search would throw after its first fit.
            _ = new RealParameter(ClippingSpace.LearningRate, low, high);
            return (low, high);
        }
        catch (ArgumentException)
        {
            throw new FormatException($"must differ in their first three digits, to which learning rates are rounded, but was '{text}'.");
        }

        // Training is in single precision, where the smallest numbers are 0.
        bool Rate(string number, out double value) =>
            double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && range.Contains((float)value);
    }

    private static int[] ParseSizes(string text)
    {
        var sizes = new List<int>();
        foreach (string name in text.Split(',', StringSplitOptions.TrimEntries))
        {
            if (!int.TryParse(name, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int size) || size < 1 || sizes.Contains(size))
                throw new FormatException($"must be whole numbers, 1 or more, each once, joined by commas, but was '{text}'.");
            sizes.Add(size);
        }

        return [.. sizes];
    }

    private static TimeSpan ParseTime(string text)
    {
        double seconds = text.Length == 0 ? 0 : text[^1] switch { 's' => 1, 'm' => 60, 'h' => 3600, _ => 0 };
        return seconds > 0 && double.TryParse(text[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number) && number * seconds is > 0 and < 1e9
            ? TimeSpan.FromSeconds(number * seconds)
            : throw new FormatException($"must be a number above 0 followed by s, m or h, but was '{text}'.");
    }
}
