using Microsoft.ML;
using MlnetClip.Tests.Sequences;
using MlnetClip.Tests.Transforms;

namespace MlnetClip.Tests.Contracts;

/// <summary>Regression over sequences.</summary>
[TestClass]
public sealed class RegressionContract : SequenceContract
{
    protected override (string[] Fit, string[] Transform) Columns => (["Features", "Value", "Weight"], ["Features"]);

    protected override IEstimator<ITransformer> Create(MLContext context) => Pulse.Regression(context, Few);
}

/// <summary>Binary classification of sequences.</summary>
[TestClass]
public sealed class BinaryContract : SequenceContract
{
    protected override (string[] Fit, string[] Transform) Columns => (["Features", "IsLate", "Weight"], ["Features"]);

    protected override IEstimator<ITransformer> Create(MLContext context) => Pulse.Binary(context, Few);
}

/// <summary>Multiclass classification of sequences.</summary>
[TestClass]
public sealed class MulticlassContract : SequenceContract
{
    protected override (string[] Fit, string[] Transform) Columns => (["Features", "Label", "Weight"], ["Features"]);

    protected override IEstimator<ITransformer> Create(MLContext context) => Pulse.Multiclass(context, Few);
}

/// <summary>Labels for every time step.</summary>
[TestClass]
public sealed class LabelingContract : SequenceContract
{
    protected override (string[] Fit, string[] Transform) Columns => (["Features", "StepLabels", "Weight"], ["Features"]);

    protected override IEstimator<ITransformer> Create(MLContext context) => Pulse.Labeling(context, Few);
}

/// <summary>Sequences that are read from the data in every epoch.</summary>
[TestClass]
public sealed class StreamedContract : SequenceContract
{
    protected override (string[] Fit, string[] Transform) Columns => (["Features", "Label", "Weight"], ["Features"]);

    protected override IEstimator<ITransformer> Create(MLContext context) => Pulse.Multiclass(context, options =>
    {
        Few(options);
        options.ShuffleBufferSize = 20;
    });
}

/// <summary>What trainers over sequences have in common.</summary>
public abstract class SequenceContract : EstimatorContract
{
    protected override IDataView Data(int rows) => Context.Transforms.CopyColumns("TextVector", nameof(Pulse.Words)).Fit(Pulse.Keyed(Context, rows)).Transform(Pulse.Keyed(Context, rows));

    protected static void Few(LstmSequenceTrainerOptions options) => (options.NumberOfEpochs, options.ExampleWeightColumnName) = (2, "Weight");
}

/// <summary>Rows into sequences.</summary>
[TestClass]
public sealed class ToSequencesContract : EstimatorContract
{
    protected override (string[] Fit, string[] Transform) Columns => (["Id", "Speed", "Time", "Mode"], ["Id", "Speed", "Time", "Mode"]);

    protected override bool MapsRows => false;

    protected override IDataView Data(int rows) => Context.Transforms.Text.TokenizeIntoWords("TextVector", "Mode").Fit(Ride.View(Context)).Transform(Ride.View(Context));

    protected override IEstimator<ITransformer> Create(MLContext context) => context.Transforms.ToSequences(new ToSequencesEstimator.Options
    {
        GroupColumnName = "Id", FeatureColumnNames = ["Speed"], OrderColumnName = "Time", LabelColumnName = "Mode", Label = SequenceLabel.EveryStep,
    });
}

/// <summary>Rows into windows.</summary>
[TestClass]
public sealed class ToWindowsContract : EstimatorContract
{
    protected override (string[] Fit, string[] Transform) Columns => (["Id", "Speed", "Mode"], ["Id", "Speed", "Mode"]);

    protected override bool MapsRows => false;

    protected override IDataView Data(int rows) => Context.Transforms.Text.TokenizeIntoWords("TextVector", "Mode").Fit(Ride.View(Context)).Transform(Ride.View(Context));

    protected override IEstimator<ITransformer> Create(MLContext context) => context.Transforms.ToWindows(new ToWindowsEstimator.Options
    {
        GroupColumnName = "Id", FeatureColumnNames = ["Speed"], WindowSize = 2, LabelColumnName = "Mode", Label = WindowLabel.Last,
    });
}

/// <summary>Forecasts, which read the rows before their own.</summary>
[TestClass]
public sealed class ForecastContract : EstimatorContract
{
    protected override (string[] Fit, string[] Transform) Columns => (["Value"], ["Value"]);

    protected override bool MapsRows => false;

    protected override IDataView Data(int rows)
    {
        IDataView data = Forecasts.View(Context, Forecasts.Wave(rows));
        return Context.Transforms.Conversion.ConvertType("Text", "Number", Microsoft.ML.Data.DataKind.String).Append(Context.Transforms.Text.TokenizeIntoWords("TextVector", "Text")).Fit(data).Transform(data);
    }

    protected override IEstimator<ITransformer> Create(MLContext context) => context.Forecasting.ForecastByLstm(Forecasts.Options(options => options.NumberOfEpochs = 2));
}
