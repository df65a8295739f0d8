using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MlnetClip.Data;
using MlnetClip.Models;
using MlnetClip.Trainers;
using MlnetClip.Weights;
using static System.FormattableString;

namespace MlnetClip.Forecasting;

/// <summary>The windows that a fit trains and validates on, with the scaling learned on the training part, checked for what cannot be learned from.</summary>
/// <param name="Table">The rows.</param>
/// <param name="Encoder">The window and the scaling.</param>
/// <param name="Training">Windows whose targets are all in the training part.</param>
/// <param name="Validation">Windows whose targets are all behind it; null without validation.</param>
/// <param name="Notes">What the user may want to know about the rows.</param>
/// <param name="Warnings">What the user should know about the rows.</param>
internal sealed record ForecastTrainingData(
    SeriesTable Table, WindowEncoder Encoder, WindowBatchSource Training, WindowBatchSource? Validation, IReadOnlyList<string> Notes, IReadOnlyList<string> Warnings)
{
    private const int MostWarnings = 5;

    /// <summary>Distinguishes these data from others, for checkpoints.</summary>
    public string Identity => Invariant($"{Table.Rows} rows, {Table.Rows - Table.ValidationRows} for training, SHA-256 {Table.Hash()}");

    /// <summary>Reads and cuts the series.</summary>
    /// <param name="host">For schema errors.</param>
    /// <param name="options">The trainer's options.</param>
    /// <param name="trainData">The rows.</param>
    /// <param name="validationData">Rows that follow them; null to take the last ones.</param>
    /// <param name="start">The scaling of a model to start from, which is kept; null to learn one.</param>
    public static ForecastTrainingData Read(
        IHost host, LstmForecastingTrainer.Options options, IDataView trainData, IDataView? validationData, WindowEncoder? start)
    {
        ForecastColumns columns = options.Columns;
        ForecastSchema.Check(host, trainData.Schema, columns);
        if (validationData is not null) ForecastSchema.CheckValidation(host, validationData.Schema, trainData.Schema, columns);
        var builder = new SeriesTableBuilder(columns, options.CancellationToken);
        builder.Append(trainData);
        if (validationData is not null)
        {
            builder.EndTraining();
            builder.Append(validationData);
        }

        SeriesTable table = builder.Build(validationData is null ? options.ValidationFraction : 0, options.Calendar);
        WindowLayout layout = options.LayoutOf(table);
        bool isSingle = trainData.Schema[columns.Targets[0]].Type.Equals(NumberDataViewType.Single);
        var problems = new SeriesProblems(options, layout, table, isSingle);
        SeriesGroup[] usable = problems.Usable();
        if (layout.Length > Array.MaxLength)
            throw new ArgumentException(Invariant($"A window must have at most {Array.MaxLength} values, but {layout} make {layout.Length}.{Environment.NewLine}Hint: use a smaller {nameof(options.WindowSize)}, or fewer covariates."));
        options.CheckSize(layout);
        (WindowEncoder learned, Dictionary<SeriesGroup, SeriesScaler[]> scalers) = Learn(options, layout, table, usable);
        if (start is not null && start.Layout != layout)
            throw new ArgumentException($"The starting model must have been trained on as many columns and calendar features, but it reads {start.Layout}, and the data have {layout}.");
        WindowEncoder encoder = start ?? learned;
        WindowEncoder network = options.Strategy == ForecastStrategy.Recursive ? encoder.OneStep : encoder;

        var training = new WindowBatchSource(usable, network, group => (0, group.Cut), options.LargestGap);
        if (training.Count == 0)
            throw new InvalidDataException(
                $"Column '{columns.Targets[0]}' must have training rows that end a window of {layout.History} rows, are at most {options.LargestGap} rows after an observation "
                + $"and have an observation in the {options.Horizon} rows that follow, but has none.{Environment.NewLine}Hint: use a smaller {nameof(options.WindowSize)}, or more data.");
        WindowBatchSource? validation = table.ValidationRows == 0 ? null : new WindowBatchSource(usable, network, group => (group.Cut, group.Length), options.LargestGap);
        if (validation?.Count == 0)
            throw new InvalidDataException(
                $"Column '{columns.Targets[0]}' must have a value in the validation rows{(table.Groups.Count == 1 ? $" {table.Groups[0].Cut} to {table.Groups[0].Length - 1}" : "")}, but all are missing.{Environment.NewLine}"
                + $"Hint: set {nameof(options.ValidationFraction)} to 0 to train without validation.");
        string?[] disturbed = [DataNotes.Disturbed(columns.Targets[0], trainData), validationData is null ? null : DataNotes.Disturbed(columns.Targets[0], validationData)];
        List<string> warnings = [.. disturbed.OfType<string>().Distinct(), .. problems.Warnings(usable, scalers, start)];
        int more = warnings.Count - MostWarnings;
        if (more > 1)
        {
            warnings.RemoveRange(MostWarnings, more);
            warnings.Add($"There are {more} more warnings of this kind about other series.");
        }

        return new(table, encoder, training, validation, Noted(table, usable), warnings);
    }

    /// <summary>Makes the windows relative to their own scaling alone, after <see cref="LinearTraining.Fit"/> made them relative to a linear part.</summary>
    public void UseNoLinear()
    {
        Training.Use(null);
        Validation?.Use(null);
    }

    /// <summary>What a fit to the windows trains.</summary>
    public FitRequest Request(LstmForecastingTrainer.Options options, LstmForecastingModelParameters? start)
    {
        string validation = Validation is { } windows ? $"validating on {windows.Count} windows of the last {Table.ValidationRows} rows" : "without validation";
        string targets = string.Join(", ", options.Columns.Targets.Select(name => $"'{name}'"));
        string scale = options.GroupColumnName is null ? Invariant($"scale {Encoder.Scalers[0][0].Scale:G6}") : Invariant($"{Encoder.Groups.Count} series, average scale {Encoder.Pooled[0].Scale:G6}");
        ModelSpec model = options.ModelFor(Training.Encoder.Layout);
        FittedWeights? initial = start is null && options.InitialWeights is { } weights
            ? FittedWeights.Of(weights, model, $"{nameof(LstmForecastingTrainer)}.{nameof(LstmForecastingTrainer.Options)}") : null;
        return new FitRequest
        {
            Model = model,
            Loss = options.NetworkLoss,
            Training = new IndexedBatchStream(Training),
            Validation = Validation is { } held ? new IndexedBatchStream(held) : null,
            DataIdentity = Identity,
            Subject = Invariant($"Learning {targets} from {Training.Count} windows of {options.WindowSize} rows, {validation}; {scale}"),
            Notes = Notes,
            Warnings = Warnings,
            StartWeights = start?.Weights,
            StartHash = start?.Hash() ?? options.InitialWeights?.Hash(),
            StartedFrom = start is null ? options.InitialWeights?.ToString() : $"a trained model, which {start}",
            Prepare = parameters => initial?.CopyTo(parameters),
        };
    }

    /// <summary>Validation windows over the whole horizon, which a recursive forecaster does not train on.</summary>
    public WindowBatchSource WholeHorizon(int largestGap) => new(Table.Groups, Encoder, group => (group.Cut, group.Length), largestGap);

    private static List<string> Noted(SeriesTable table, SeriesGroup[] usable)
    {
        var notes = new List<string>();
        if (table.MissingRows > 0) notes.Add(Invariant($"{table.MissingRows} of {table.Rows} rows have no value: in windows they repeat the last value, as targets they are ignored."));
        if (usable.Length < table.Groups.Count)
        {
            string[] left = [.. table.Groups.Except(usable).Select(group => $"'{group.Name}'")];
            notes.Add(Invariant($"{left.Length} of {table.Groups.Count} series are too short or constant and are not trained on: {string.Join(", ", left.Take(5))}{(left.Length > 5 ? ", ..." : "")}."));
        }

        return notes;
    }

    /// <summary>Learns the scaling of every series and covariate from the training rows.</summary>
    private static (WindowEncoder Encoder, Dictionary<SeriesGroup, SeriesScaler[]> Scalers) Learn(
        LstmForecastingTrainer.Options options, WindowLayout layout, SeriesTable table, SeriesGroup[] usable)
    {
        var scalers = usable.ToDictionary(group => group, group => group.Targets
            .Select(target => SeriesScaler.Learn(options.Scaling, target, group.Cut, options.WindowSize, options.SeasonLength ?? 0, options.CancellationToken)).ToArray());
        var pooled = new SeriesScaler[layout.Targets];
        for (int k = 0; k < pooled.Length; k++)
        {
            SeriesScaler[] legal = [.. scalers.Values.Select(group => group[k]).Where(scaler => scaler.Scale > 0)];
            SeriesScaler first = scalers[usable[0]][k];
            pooled[k] = legal.Length == 0
                ? first with { Scale = 1 }
                : first with { Mean = legal.Average(scaler => scaler.Mean), Scale = Math.Exp(legal.Average(scaler => Math.Log(scaler.Scale))) };
            foreach (SeriesScaler[] group in scalers.Values)
                if (!(group[k].Scale > 0)) group[k] = group[k] with { Scale = pooled[k].Scale };
        }

        var moments = new Moments[layout.Past + layout.Future + layout.Static];
        foreach (SeriesGroup group in usable)
        {
            for (int i = 0; i < moments.Length; i++)
            {
                bool isStatic = i >= group.Covariates.Length;
                foreach (double value in isStatic ? group.Static.AsSpan(i - group.Covariates.Length, 1) : group.Covariates[i].AsSpan(0, group.Cut))
                    if (!double.IsNaN(value)) moments[i] = moments[i].Add(value);
            }
        }

        return (new WindowEncoder(layout, [.. usable.Select(group => group.Name)], [.. usable.Select(group => scalers[group])], pooled, [.. moments.Select(ChannelScale.Of)]), scalers);
    }
}
