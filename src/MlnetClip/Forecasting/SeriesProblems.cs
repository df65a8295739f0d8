using MlnetClip.Data;

namespace MlnetClip.Forecasting;

/// <summary>What cannot be learned from, and what the user should know, series by series.</summary>
/// <param name="options">The trainer's options.</param>
/// <param name="layout">The window.</param>
/// <param name="table">The rows.</param>
/// <param name="isSingle">Whether the first target's type is Single.</param>
internal sealed class SeriesProblems(LstmForecastingTrainer.Options options, WindowLayout layout, SeriesTable table, bool isSingle)
{
    /// <summary>The series that can be trained on, at least one.</summary>
    /// <exception cref="InvalidDataException">There is none; the message says what is wrong with the first.</exception>
    public SeriesGroup[] Usable()
    {
        string? first = null;
        var usable = new List<SeriesGroup>();
        foreach (SeriesGroup group in table.Groups)
        {
            string? problem = Enumerable.Range(0, layout.Targets).Select(k => ProblemWith(group, k)).FirstOrDefault(found => found is not null);
            if (problem is null) usable.Add(group);
            else first ??= problem;
        }

        return usable.Count > 0 ? [.. usable] : throw new InvalidDataException(first);
    }

    /// <summary>The warnings about the rows of each series, and about the scale of a model to start from.</summary>
    public IEnumerable<string> Warnings(SeriesGroup[] usable, Dictionary<SeriesGroup, SeriesScaler[]> scalers, WindowEncoder? start)
    {
        var numbers = start is null ? null : new GroupNames(start.Groups);
        foreach (SeriesGroup group in usable)
        {
            int number = numbers?.NumberOf(group.Name) ?? 0;
            for (int k = 0; k < layout.Targets; k++)
            {
                SeriesScaler? from = start is null ? null : number < start.Scalers.Length ? start.Scalers[number][k] : start.Pooled[k];
                foreach (string warning in Notes(group, k).Warnings(options, scalers[group][k], from)) yield return warning;
            }
        }
    }

    private DataNotes Notes(SeriesGroup group, int target) => new(Subject(group, target), isSingle, group.Targets[target], group.Cut);

    private string Subject(SeriesGroup group, int target) =>
        $"Column '{table.Columns.Targets[target]}'{(table.Columns.Group is null ? "" : $" of series '{group.Name}'")}";

    private string? ProblemWith(SeriesGroup group, int target)
    {
        Series series = group.Targets[target];
        string subject = Subject(group, target);
        if (series.FirstObserved >= group.Cut)
            return $"{subject} must have values, but all {group.Cut} training rows are missing.{Environment.NewLine}"
                + "Hint: check the column's name and number format; a field that is not a number is read as missing.";
        int rows = group.Cut - group.FirstObserved;
        long needed = (long)layout.History + options.Horizon;
        if (rows < needed)
        {
            string lag = layout.Lag == 0 ? "" : $" + {nameof(options.SeasonLength)}", lagRows = layout.Lag == 0 ? "" : $" + {layout.Lag}";
            return $"{subject} must have at least {nameof(options.WindowSize)}{lag} + {nameof(options.Horizon)} = {options.WindowSize}{lagRows} + {options.Horizon} = {needed} "
                + $"training rows after its first value, but has {rows} (of {group.Length} rows, {group.Length - group.Cut} are for validation and {group.FirstObserved} come before the first value)."
                + $"{Environment.NewLine}Hint: use a smaller {nameof(options.WindowSize)} or {nameof(options.Horizon)}, or more data.";
        }

        return series.Filled(series.FirstObserved, group.Cut - series.FirstObserved).ContainsAnyExcept(series[series.FirstObserved]) ? null : Notes(group, target).Constant();
    }
}
