using System.Globalization;
using MlnetClip.Checkpoints;
using MlnetClip.Data;
using MlnetClip.Parameters;

namespace MlnetClip.Training;

/// <summary>The fields that identify a fit. A fit may be resumed with more epochs, unless the schedule depends on their number.</summary>
internal static class FitIdentity
{
    public static CheckpointIdentity Of(ParameterSet parameters, TrainingOptions options, IBatchStream train, IBatchStream? validation)
    {
        var fields = new List<CheckpointField>(options.CheckpointIdentity)
        {
            new("Parameters", string.Join(", ", parameters.Items)),
            new(nameof(options.Optimizer), $"{options.Optimizer}"),
            new(nameof(options.LearningRate), options.LearningRate.ToString("R", CultureInfo.InvariantCulture)),
            new("LearningRateSchedule", $"{options.Schedule}"),
            new(nameof(options.BatchSize), Text(options.BatchSize)),
            new(nameof(options.Clipping), $"{options.Clipping}"),
            new(nameof(options.NonFinite), $"{options.NonFinite}"),
            new(nameof(options.AccumulatedBatches), Text(options.AccumulatedBatches)),
            new(nameof(options.GradientNoise), options.GradientNoise.ToString("R", CultureInfo.InvariantCulture)),
            new(nameof(options.WeightAveraging), $"{options.WeightAveraging?.ToString() ?? "none"}"),
            new(nameof(options.Frozen), $"{options.Frozen?.ToString() ?? "none"}"),
            new(nameof(options.Seed), options.Seed.ToString(CultureInfo.InvariantCulture)),
            new(nameof(options.Shuffle), $"{options.Shuffle}"),
            new("Training sequences", Text(train.Count)),
            new("Validation sequences", Text(validation?.Count ?? 0)),
            new("Time steps", Text(train.Shape.TimeSteps)),
        };
        if (options.Schedule.SpansTheFit)
        {
            fields.Add(new(
                nameof(options.Epochs), Text(options.Epochs),
                $"The learning rate schedule '{options.Schedule}' spans all epochs, so with another number of epochs every learning rate would have been different."));
        }

        else if (options.WeightAveraging is { IsMoving: false })
        {
            fields.Add(new(
                nameof(options.Epochs), Text(options.Epochs),
                $"'{options.WeightAveraging}' begins after a share of all epochs, so with another number of epochs it would have begun at another one."));
        }

        // A field of the caller replaces the one of the same name here.
        return new CheckpointIdentity([.. fields.DistinctBy(field => field.Name)]);
    }

    /// <summary>Describes a fit by its options and identity.</summary>
    public static FitDescription Describe(TrainingOptions options, CheckpointIdentity identity, bool hasValidation)
    {
        Dictionary<string, string> fields = identity.Fields.ToDictionary(field => field.Name, field => field.Value, StringComparer.Ordinal);
        fields.Remove("Data", out string? data);
        return new FitDescription(options.Epochs, options.Clipping, fields, data ?? "", hasValidation, options.CheckpointPath);
    }

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}
