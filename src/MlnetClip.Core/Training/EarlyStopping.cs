using MlnetClip.Settings;
using MlnetClip.Training;

namespace MlnetClip;

/// <summary>Stops training when the validation loss has not improved for a number of epochs.</summary>
public sealed record EarlyStopping
{
    internal static readonly OptionRange[] Ranges = [new(nameof(Patience), 1), new(nameof(MinDelta), 0)];

    /// <summary>Creates the criterion.</summary>
    /// <param name="patience">Epochs without improvement after which training stops, 1 or more; default 20.</param>
    /// <param name="minDelta">The smallest decrease of the loss that counts as an improvement, 0 or more; default 0. It does not affect which epoch is the best.</param>
    /// <exception cref="ArgumentException">A value is outside its range.</exception>
    public EarlyStopping(int patience = 20, double minDelta = 0)
    {
        var errors = new OptionErrors(nameof(EarlyStopping));
        errors.Check(Ranges[0], patience);
        errors.Check(Ranges[1], minDelta);
        errors.ThrowIfAny();
        Patience = patience;
        MinDelta = minDelta;
    }

    /// <summary>Epochs without improvement after which training stops.</summary>
    public int Patience { get; }

    /// <summary>The smallest decrease of the loss that counts as an improvement.</summary>
    public double MinDelta { get; }
}
