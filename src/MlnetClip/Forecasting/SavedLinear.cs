using MlnetClip.Data;
using MlnetClip.Persistence;

namespace MlnetClip.Forecasting;

/// <summary>What a saved forecaster says of its linear part, whose coefficients follow the weights.</summary>
internal sealed record SavedLinear(LinearInputs Inputs, double Scale, double NetworkShare)
{
    /// <summary>The description of a linear forecast.</summary>
    public static SavedLinear? Of(LinearForecast? linear) => linear is null ? null : new(linear.Inputs, linear.Scale, linear.NetworkShare);

    /// <summary>Reads the coefficients.</summary>
    /// <exception cref="InvalidDataException">A field cannot be right; the message begins with it.</exception>
    public LinearForecast Read(BinaryReader reader, WindowLayout layout) =>
        new(Inputs, LinearPart.Read(reader, Inputs.Count(layout), layout.Horizon * layout.Targets), Scale, NetworkShare);

    /// <summary>Throws for the first field that cannot be right.</summary>
    /// <exception cref="InvalidDataException">A field cannot be right; the message begins with it.</exception>
    public void Check(int windowSize, int groups, int targets)
    {
        SavedField.InRange("Linear.Scale", Scale, double.Epsilon);
        SavedField.InRange("Linear.NetworkShare", NetworkShare, 0, 1);
        SavedField.NotNull("Linear.Inputs", Inputs);
        SavedField.InRange("Linear.Inputs.Rows", Inputs.Rows, 1, windowSize);
        if (SavedField.Items("Linear.Inputs.Means", Inputs.Means).Count != groups) throw SavedField.Wrong("Linear.Inputs.Means", $"must be those of {groups} series", $"{Inputs.Means.Length}");
        foreach (double[] means in Inputs.Means.Append(SavedField.NotNull("Linear.Inputs.Pooled", Inputs.Pooled)))
        {
            if (means.Length != targets) throw SavedField.Wrong("Linear.Inputs.Means", $"must have a mean for each of {targets} targets", $"{means.Length}");
            foreach (double mean in means) SavedField.InRange("Linear.Inputs.Means", mean, double.NegativeInfinity);
        }
    }
}
