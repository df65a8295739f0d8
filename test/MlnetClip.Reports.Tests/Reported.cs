using System.Globalization;
using Microsoft.ML;
using MlnetClip.TestKit;

namespace MlnetClip.Reports.Tests;

/// <summary>Fits and a study that the tests report, each run once.</summary>
internal static class Reported
{
    private static readonly Lazy<(LstmForecastingTransformer Model, IDataView Data)> LazyForecaster = new(Fit);
    private static readonly Lazy<ClippingStudyResult> LazyStudy = new(Search);

    /// <summary>The number of rows that the forecaster was trained on.</summary>
    public const int FirstRow = 1800;

    public static MLContext Context { get; } = new(seed: 1);

    /// <summary>A forecaster of CO2 with bounds.</summary>
    public static LstmForecastingTransformer Forecaster => LazyForecaster.Value.Model;

    /// <summary>All rows of CO2.</summary>
    public static IDataView Co2 => LazyForecaster.Value.Data;

    public static ClippingStudyResult Study => LazyStudy.Value;

    /// <summary>A chain with a model of each task over sequences: regression, binary, multiclass or labeling.</summary>
    public static ITransformer Sequences(string task)
    {
        IDataView data = Pulses(300, seed: 1);
        IEstimator<ITransformer> pipeline = task switch
        {
            "regression" => Context.Regression.Trainers.Lstm(Small<LstmRegressionTrainer.Options>(LabelOf(task))),
            "binary" => Context.BinaryClassification.Trainers.Lstm(Small<LstmBinaryTrainer.Options>(LabelOf(task))),
            "multiclass" => Context.Transforms.Conversion.MapValueToKey("Label", nameof(Pulse.Kind))
                .Append(Context.MulticlassClassification.Trainers.Lstm(Small<LstmMulticlassTrainer.Options>(LabelOf(task))))
                .Append(Context.Transforms.Conversion.MapKeyToValue("PredictedLabel")),
            _ => Context.Transforms.Conversion.MapValueToKey("Label", nameof(Pulse.Phases))
                .Append(Context.MulticlassClassification.Trainers.LstmLabeling(Small<LstmLabelingTrainer.Options>(LabelOf(task)))),
        };
        return pipeline.Fit(data);
    }

    /// <summary>The label that a task's trainer reads.</summary>
    public static string LabelOf(string task) => task switch { "regression" => nameof(Pulse.Value), "binary" => nameof(Pulse.IsLate), _ => "Label" };

    public static IDataView Pulses(int count, int seed) => Context.Data.LoadFromEnumerable(Pulse.Rows(count, seed));

    public static IDataView LoadCo2() => Context.Data.LoadFromEnumerable(
        File.ReadLines(Path.Combine(RepositoryFiles.Root, "samples", "data", "co2.csv")).Skip(1).Select(line => line.Split(',')).Select(cells => new Reading
        {
            Date = DateTime.ParseExact(cells[0], "yyyyMMdd", CultureInfo.InvariantCulture), Co2 = cells[1].Length == 0 ? float.NaN : float.Parse(cells[1], CultureInfo.InvariantCulture),
        }).ToArray());

    private static TOptions Small<TOptions>(string label)
        where TOptions : LstmSequenceTrainerOptions, new() => new()
        {
            LabelColumnName = label, FeaturesPerStep = 2, HiddenSize = 8, NumberOfEpochs = 8, LearningRate = 0.02f, BatchSize = 16, NumberOfThreads = 1, MeasureTimeSteps = true,
        };

    private static (LstmForecastingTransformer, IDataView) Fit()
    {
        IDataView data = LoadCo2();
        LstmForecastingTransformer model = Context.Forecasting.ForecastByLstm(new LstmForecastingTrainer.Options
        {
            OutputColumnName = "Forecast", InputColumnName = "Co2", TimeColumnName = "Date", WindowSize = 52, Horizon = 12, HiddenSize = 16, NumberOfLayers = 2, NumberOfEpochs = 6,
            ConfidenceLowerBoundColumn = "Lower", ConfidenceUpperBoundColumn = "Upper", MeasureTimeSteps = true, Clipping = GradientClipping.ByGlobalNorm(0.5f),
            LearningRateSchedule = Schedule.Parse("cosine"), LinearPart = LinearPartUse.None,
        }).Fit(Context.Data.TakeRows(data, FirstRow));
        return (model, data);
    }

    private static ClippingStudyResult Search()
    {
        IDataView data = LoadCo2();
        ClippingStudy study = Context.CreateClippingStudy(new ClippingStudyOptions
        {
            Pipeline = clipping => Context.Forecasting.ForecastByLstm(new LstmForecastingTrainer.Options
            {
                OutputColumnName = "Forecast", InputColumnName = "Co2", WindowSize = 26, Horizon = 4, Clipping = clipping, HiddenSize = 8, NumberOfEpochs = 6, LinearPart = LinearPartUse.None,
            }),
            Budget = new StudyBudget { MaxModelToExplore = 14 },
            Seeds = 2,
        });
        return study.Run(Context.Data.TakeRows(data, 600), Context.Data.TakeRows(Context.Data.SkipRows(data, 600), 100));
    }
}
