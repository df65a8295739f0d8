using MlnetClip.Settings;

namespace MlnetClip.Data;

/// <summary>The sizes of a batch that every sequence of a data set shares.</summary>
/// <param name="TimeSteps">T: time steps of the longest sequence, at least 1.</param>
/// <param name="Features">F: real features per time step, 0 or more.</param>
/// <param name="Targets">K: targets per sequence, or per time step where <paramref name="EveryStep"/> says so; at least 1.</param>
/// <param name="EveryStep">True when every time step has targets (S = T), false when a sequence has targets once (S = 1).</param>
/// <param name="Ids">C: integer ids per time step, each for an embedding; 0 or more. F + C is at least 1.</param>
public sealed record BatchShape(int TimeSteps, int Features, int Targets, bool EveryStep = false, int Ids = 0)
{
    /// <summary>S: steps that have targets, T or 1.</summary>
    public int TargetSteps => EveryStep ? TimeSteps : 1;

    /// <summary>Throws where a size is outside its range.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A size is outside its range.</exception>
    public void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(TimeSteps, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(Features);
        ArgumentOutOfRangeException.ThrowIfNegative(Ids);
        ArgumentOutOfRangeException.ThrowIfLessThan(Targets, 1);
        if (Features + Ids == 0)
            throw new ArgumentOutOfRangeException(nameof(Features), 0, "A time step must have at least one feature or one id.");
    }

    /// <summary>True when the rows of both have the same sizes, regardless of the number of time steps.</summary>
    internal bool HasRowsOf(BatchShape other) =>
        Features == other.Features && Ids == other.Ids && Targets == other.Targets && EveryStep == other.EveryStep;

    /// <summary>The shape in words, for errors.</summary>
    public override string ToString() =>
        $"{Plural.Of(TimeSteps, "time step")}, {Plural.Of(Features, "feature")}, {Plural.Of(Ids, "id")} and {Plural.Of(Targets, "target")} for every "
        + (EveryStep ? "time step" : "sequence");
}
