using MlnetClip.Data;
using MlnetClip.Parameters;

namespace MlnetClip.Training;

/// <summary>What must be so before a fit begins, and after it ended.</summary>
internal static class FitChecks
{
    /// <summary>The options and the sequences must fit each other.</summary>
    /// <exception cref="ArgumentException">An option needs validation sequences and there are none, or they have another shape.</exception>
    public static void Sequences(TrainingOptions options, IBatchStream train, IBatchStream? validation)
    {
        if (options.EarlyStopping is not null && validation is null)
            throw new ArgumentException($"{nameof(TrainingOptions)}.{nameof(TrainingOptions.EarlyStopping)} needs validation sequences, but there are none.", nameof(validation));
        if (options.Schedule.NeedsValidationLoss && validation is null)
            throw new ArgumentException($"{nameof(TrainingOptions)}.{nameof(TrainingOptions.Schedule)} '{options.Schedule}' needs validation sequences, but there are none.", nameof(validation));
        if (validation is not null && validation.Shape != train.Shape)
            throw new ArgumentException($"Validation sequences must have the shape of the training sequences, {train.Shape}, but have {validation.Shape}.", nameof(validation));
    }

    /// <summary>A model that is not finite is no result: a gradient may have been finite when the weights that it updated were not.</summary>
    /// <exception cref="TrainingDivergedException">A weight is not finite.</exception>
    public static void Weights(ParameterSet parameters)
    {
        foreach (Parameter parameter in parameters.Items)
        {
            foreach (float value in parameters.ValuesOf(parameter))
            {
                if (float.IsFinite(value)) continue;
                throw new TrainingDivergedException(
                    $"The training diverged: its parameter {parameter.Name} has weights that are not finite.{Environment.NewLine}"
                    + "Hint: use a smaller learning rate, or clip by norm (norm:1).");
            }
        }
    }
}
