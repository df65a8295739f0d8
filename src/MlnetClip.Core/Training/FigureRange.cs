using System.Globalization;

namespace MlnetClip;

/// <summary>A figure over consecutive steps. All three are NaN where no step has it.</summary>
/// <param name="Smallest">The smallest.</param>
/// <param name="Mean">The mean.</param>
/// <param name="Largest">The largest.</param>
public readonly record struct FigureRange(double Smallest, double Mean, double Largest)
{
    /// <summary>A figure that no step has.</summary>
    public static FigureRange None { get; } = new(double.NaN, double.NaN, double.NaN);

    /// <summary>Whether a step has the figure.</summary>
    public bool HasValue => !double.IsNaN(Mean);

    /// <summary>The figure, or the mean and the range: <c>0.31 (0.2 to 4.1)</c>.</summary>
    public override string ToString() => !HasValue ? "none"
        : Smallest == Largest ? string.Create(CultureInfo.InvariantCulture, $"{Mean:G4}")
        : string.Create(CultureInfo.InvariantCulture, $"{Mean:G4} ({Smallest:G4} to {Largest:G4})");
}
