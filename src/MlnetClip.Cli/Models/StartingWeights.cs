using Microsoft.ML;
using MlnetClip.Cli.Arguments;
using MlnetClip.Cli.Input;
using MlnetClip.Cli.Output;
using MlnetClip.Cli.Tasks;

namespace MlnetClip.Cli.Models;

/// <summary>The weights that training begins with: a whole model, whose scaling is kept, or weights alone; or neither, for random weights.</summary>
internal sealed class StartingWeights
{
    private readonly InspectedModel? _model, _file;

    /// <param name="option">The option that names the file.</param>
    /// <param name="path">The file.</param>
    /// <param name="model">The whole model; null for weights alone.</param>
    /// <param name="weights">Weights alone; null for a whole model.</param>
    /// <param name="file">The model file, also where only its weights are taken; null for a file of another program.</param>
    private StartingWeights(string option, string path, InspectedModel? model, InitialWeights? weights, InspectedModel? file = null) =>
        (Option, Path, _model, Weights, _file) = (option, path, model, weights, file);

    /// <summary>Random weights.</summary>
    public static StartingWeights None { get; } = new("", "", null, null);

    /// <summary>The option that names the file.</summary>
    public string Option { get; }

    /// <summary>The file, as the user wrote it.</summary>
    public string Path { get; }

    /// <summary>Weights alone; null for a whole model and for random weights.</summary>
    public InitialWeights? Weights { get; }

    /// <summary>The names of the classes of a whole model; empty otherwise.</summary>
    public IReadOnlyList<string> Classes => _model?.Sequences?.Classes ?? [];

    /// <summary>What is printed before training; null for random weights.</summary>
    public string? Note => this == None ? null
        : _model is null ? $"Training begins with {Weights}{(Option == "--start-from" ? $" ({Path})" : "")}."
        : $"Training begins with the weights and the scaling of {Path}.";

    /// <summary>A file's format, by the end of its name; null for another one.</summary>
    public static string? FormatOf(string path) =>
        path.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase) ? "ONNX" : path.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase) ? "safetensors" : null;

    /// <summary>The weights of a model file.</summary>
    /// <exception cref="InputException">It cannot be read, or holds no model of MlnetClip.</exception>
    public static StartingWeights OfModel(string path, bool newHead)
    {
        InspectedModel model = ModelArchive.Inspect(path);
        if (!newHead) return new("--start-from", path, model, null, model);
        InitialWeights weights = model.Forecaster?.Model.ToInitialWeights() ?? model.Sequences!.Model.ToInitialWeights();
        return new("--start-from", path, null, weights.WithoutHead(), model);
    }

    /// <summary>The weights of an ONNX or safetensors file.</summary>
    /// <exception cref="InputException">It cannot be read, or has a node or tensor without a counterpart.</exception>
    /// <param name="path">The file.</param>
    /// <param name="newHead">Whether the head is left out.</param>
    /// <param name="renamed">The parameters that tensors are for, by the tensors' names.</param>
    public static StartingWeights OfFile(string path, bool newHead, IReadOnlyList<TensorName> renamed)
    {
        if (!File.Exists(path)) throw new InputException($"--initial-weights must be a file that exists, but there is no '{path}'.");
        try
        {
            InitialWeights weights = FormatOf(path) == "ONNX" ? RecurrentWeights.FromOnnx(path) : RecurrentWeights.FromSafetensors(path);
            weights = TensorName.Rename(weights, path, renamed);
            return new("--initial-weights", path, null, newHead ? weights.WithoutHead() : weights);
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new InputException($"--initial-weights '{path}' cannot be read: {e.Message}", inner: e);
        }
    }

    /// <summary>The forecaster to start from; null where there is no whole model.</summary>
    /// <exception cref="InputException">The model is of another task.</exception>
    public LstmForecastingModelParameters? Forecaster() => _model is null ? null
        : _model.Forecaster?.Model ?? throw OfAnotherTask("a forecaster");

    /// <summary>The model over sequences to start from; null where there is no whole model.</summary>
    /// <param name="task">What is trained.</param>
    /// <exception cref="InputException">The model is of another task.</exception>
    public LstmModelParameters? Sequences(SequenceTask task) => _model is null ? null
        : _model.Sequences is { } sequences && sequences.Task == task.Kind ? sequences.Model : throw OfAnotherTask($"a model for {task.Name.Replace('_', ' ')}");

    /// <summary>The forecaster's trainer, which starts from a whole model where there is one.</summary>
    public IEstimator<LstmForecastingTransformer> From(LstmForecastingTrainer trainer) => Forecaster() is { } model ? new StartedForecaster(trainer, model) : trainer;

    /// <summary>A warning where the file's model was trained on rows of a series that are evaluated; null where it was not, or where that is not known.</summary>
    /// <param name="table">The rows.</param>
    /// <param name="firstEvaluated">For each series the first row that is evaluated.</param>
    public string? TrainedAfter(SeriesTable table, IReadOnlyList<int> firstEvaluated)
    {
        if (_file?.Metadata is not { Sequences: null } metadata || metadata.Columns.Group is not null != table.IsGrouped) return null;
        int[] cuts = [.. table.Series.Select(metadata.CutOf)];
        bool known = table.Series.Zip(cuts).All(series => series.Second <= series.First.Rows) && table.Matches(metadata.Fingerprint, cuts);
        int[] seen = [.. Enumerable.Range(0, cuts.Length).Where(i => cuts[i] > firstEvaluated[i]).OrderByDescending(i => cuts[i] - firstEvaluated[i])];
        if (!known || seen.Length == 0) return null;
        int most = seen[0];
        string series = table.IsGrouped ? $" of series '{table.Series[most].Name}'" : "", others = seen.Length == 1 ? "" : $" (and likewise in {Figures.Count(seen.Length - 1)} more series)";
        return $"warning: '{Path}' was trained on {Figures.Count(cuts[most])} rows{series} of this file, and the first fold begins after {Figures.Count(firstEvaluated[most])}{others}: "
            + "the model of a fold began with weights that were trained on rows that it is evaluated on, so the scores are not those of held-out rows.\n"
            + "Hint: train the starting model with a larger --holdout.";
    }

    /// <summary>An error of the library about sizes or columns, in words of the tool, with what helps.</summary>
    public InputException Explain(Exception error)
    {
        string message = OptionNames.InWordsOfTheTool(error.Message);
        if (this == None) return new InputException(message, inner: error);
        bool isSize = message.Contains("in the starting model", StringComparison.Ordinal) || message.Contains("must fit the model", StringComparison.Ordinal);
        if (!isSize) return new InputException(message, inner: error);
        string facts = message.Split($"{Environment.NewLine}Hint: ")[0].Replace("--initial-weights must fit", $"{Option} must fit", StringComparison.Ordinal)
            .Replace("the starting model", $"'{Path}'", StringComparison.Ordinal);
        if (message.Contains("has no parameter for '", StringComparison.Ordinal) && message.Contains("is not in the file", StringComparison.Ordinal))
            return new InputException(facts, "--rename TENSOR=PARAMETER names the parameter that a tensor is for, and several are joined by commas.", error);
        string sizes = Option == "--start-from" ? $"mlnetclip inspect {Path} --config FILE writes the options of that model." : "the sizes of the options must be the file's.";
        bool hasHead = _model is not null || !$"{Weights}".EndsWith("without the head", StringComparison.Ordinal);
        return new InputException(facts, hasHead ? $"{sizes} --new-head begins with another head, for another horizon, other targets or classes." : sizes, error);
    }

    private InputException OfAnotherTask(string wanted) => new(
        $"{Option} must be {wanted}, but '{Path}' is {(_model!.Forecaster is not null ? "a forecaster" : $"a model for {SequenceTask.All.Single(task => task.Kind == _model.Sequences!.Task).Name.Replace('_', ' ')}")}.",
        "--new-head takes only its recurrent layers.");
}
