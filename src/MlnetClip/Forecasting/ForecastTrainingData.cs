using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MlnetClip.Data;

namespace MlnetClip.Forecasting;

/// <summary>The windows that a fit trains and validates on, with the scaling learned on the training part, checked for what cannot be learned from.</summary>
/// <param name="Scaler">The scaling.</param>
/// <param name="Training">Windows whose targets are all in the training part.</param>
/// <param name="Validation">Windows whose targets are all behind it; null without validation.</param>
/// <param name="Rows">Rows of both parts.</param>
/// <param name="ValidationRows">Rows of the validation part.</param>
/// <param name="MissingRows">Rows without a value.</param>
/// <param name="Identity">What distinguishes these data from others, for checkpoints.</param>
/// <param name="Warnings">What the user should know about the rows.</param>
internal sealed record ForecastTrainingData(
    SeriesScaler Scaler, WindowBatchSource Training, WindowBatchSource? Validation, int Rows, int ValidationRows, int MissingRows, string Identity,
    IReadOnlyList<string> Warnings)
{
    /// <summary>Reads and cuts the series.</summary>
    /// <param name="host">For schema errors.</param>
    /// <param name="options">The trainer's options.</param>
    /// <param name="trainData">The series.</param>
    /// <param name="validationData">Rows that follow it; null to take its last ones.</param>
    /// <param name="scaler">A scaling to keep; null to learn one.</param>
    public static ForecastTrainingData Read(
        IHost host, LstmForecastingTrainer.Options options, IDataView trainData, IDataView? validationData, SeriesScaler? scaler)
    {
        string column = options.InputColumn;
        var values = new List<double>();
        ForecastSchema.Check(host, trainData.Schema, column);
        SeriesReader.Read(values, trainData, column, options.CancellationToken);
        int cut = validationData is null && options.ValidationFraction > 0 ? ForecastProtocol.Cut(values.Count, options.ValidationFraction) : values.Count;
        if (validationData is not null)
        {
            ForecastSchema.Check(host, validationData.Schema, column);
            SeriesReader.Read(values, validationData, column, options.CancellationToken);
        }

        var series = new Series([.. values]);
        var notes = new DataNotes(column, trainData.Schema[column].Type.Equals(NumberDataViewType.Single), series, cut);
        CheckTrainingPart(series, cut, options, notes);
        SeriesScaler learned = SeriesScaler.Learn(options.Scaling, series, cut, options.WindowSize, options.CancellationToken);
        IReadOnlyList<string> warnings =
        [
            .. new[] { DataNotes.Disturbed(column, trainData), validationData is null ? null : DataNotes.Disturbed(column, validationData) }.OfType<string>().Distinct(),
            .. notes.Warnings(options, learned, scaler),
        ];
        scaler ??= learned;
        var training = new WindowBatchSource(series, scaler, options.WindowSize, options.Horizon, firstTarget: 0, end: cut, options.LargestGap);
        if (training.Count == 0)
            throw new InvalidDataException(
                $"Column '{column}' must have training rows that end a window of {options.WindowSize} rows, are at most {options.LargestGap} rows after an observation "
                + $"and have an observation in the {options.Horizon} rows that follow, but has none.{Environment.NewLine}Hint: use a smaller {nameof(options.WindowSize)}, or more data.");
        WindowBatchSource? validation = cut == series.Length
            ? null
            : new WindowBatchSource(series, scaler, options.WindowSize, options.Horizon, firstTarget: cut, end: series.Length, options.LargestGap);
        if (validation?.Count == 0)
            throw new InvalidDataException(
                $"Column '{column}' must have a value in the validation rows {cut} to {series.Length - 1}, but all are missing.{Environment.NewLine}"
                + $"Hint: set {nameof(options.ValidationFraction)} to 0 to train without validation.");
        return new(scaler, training, validation, series.Length, series.Length - cut, series.Length - series.CountObserved(0, series.Length),
            Identity: FormattableString.Invariant($"{series.Length} rows, {cut} for training, SHA-256 {series.Hash()}"), warnings);
    }

    private static void CheckTrainingPart(Series series, int cut, LstmForecastingTrainer.Options options, DataNotes notes)
    {
        string column = options.InputColumn;
        if (series.FirstObserved >= cut)
            throw new InvalidDataException(
                $"Column '{column}' must have values, but all {cut} training rows are missing.{Environment.NewLine}"
                + "Hint: check the column's name and number format; a field that is not a number is read as missing.");
        int rows = cut - series.FirstObserved;
        long needed = (long)options.WindowSize + options.Horizon;
        if (rows < needed)
            throw new InvalidDataException(
                $"Column '{column}' must have at least {nameof(options.WindowSize)} + {nameof(options.Horizon)} = {options.WindowSize} + {options.Horizon} = {needed} "
                + $"training rows after its first value, but has {rows} (of {series.Length} rows, {series.Length - cut} are for validation and {series.FirstObserved} come before the first value)."
                + $"{Environment.NewLine}Hint: use a smaller {nameof(options.WindowSize)} or {nameof(options.Horizon)}, or more data.");
        if (!series.Filled(series.FirstObserved, rows).ContainsAnyExcept(series[series.FirstObserved])) throw new InvalidDataException(notes.Constant());
    }
}
