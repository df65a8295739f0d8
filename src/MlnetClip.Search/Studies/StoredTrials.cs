using MlnetClip.Search.Planning;
using MlnetClip.Search.Spaces;

namespace MlnetClip.Search.Studies;

/// <summary>Checks the trials of a stored study, which anybody may have changed, before anything is concluded from them.</summary>
internal static class StoredTrials
{
    /// <summary>The largest whole number below which every whole number is exact in double precision.</summary>
    private const double LargestCount = 9e15;

    private static readonly HashSet<string> Losses = [TrialMeasures.LossBegun, TrialMeasures.LossEnded];

    /// <summary>Throws for the first trial that cannot be one of this study.</summary>
    /// <exception cref="InvalidDataException">A trial cannot be right; the message has the file, the trial and the field.</exception>
    public static void Check(IReadOnlyList<Trial> trials, ClippingStudyOptions options)
    {
        if (trials.Count == 0) return;
        int number = 0;
        try
        {
            SearchSpace? space = null;
            for (; number < trials.Count; number++)
            {
                Trial trial = trials[number];
                CheckPlace(trial, number, number == 0 ? -1 : trials[number - 1].Generation, options);
                CheckMeasures(trial);
                if (number > 0) space ??= SpaceOf(trials, options);
                CheckPoint(trial, space);
            }
        }
        catch (Exception e) when (e is FormatException or ArgumentException)
        {
            string name = options.StoragePath is null ? "The study" : $"The study '{options.StoragePath}'";
            throw new InvalidDataException(
                $"{name} is damaged: trial {number} cannot be right: {e.Message.TrimEnd('.')}.{Environment.NewLine}Hint: restore it from a backup, or use another file to start a new study.", e);
        }
    }

    private static SearchSpace SpaceOf(IReadOnlyList<Trial> trials, ClippingStudyOptions options)
    {
        UnclippedFit fit = ClippingPlan.UnclippedFitOf(trials) ?? throw new FormatException("trial 0 must have finished before it");
        try
        {
            return options.Space.Build(fit);
        }
        catch (ArgumentException e)
        {
            throw new FormatException($"the measures of trial 0 give no range to search: {e.Message}", e);
        }
    }

    private static void CheckPlace(Trial trial, int number, int generation, ClippingStudyOptions options)
    {
        if (trial.Number != number) throw new FormatException($"number must be {number}, but was {trial.Number}");
        if (trial.Generation < Math.Max(0, generation) || trial.Generation > generation + 1)
            throw new FormatException($"generation must be {generation} or {generation + 1}, but was {trial.Generation}");
        if (trial.Seed >= options.Seeds) throw new FormatException($"seed must be below {options.Seeds}, but was {trial.Seed}");
        if ((trial.Stage == TrialStage.Calibrate) != (number == 0)) throw new FormatException($"stage must be {TrialStage.Calibrate} for trial 0 and for no other, but was {trial.Stage}");
    }

    private static void CheckPoint(Trial trial, SearchSpace? space)
    {
        if (trial.Point.Equals(SearchPoint.Empty) && trial.Stage != TrialStage.Explore) return;
        if (space is null || trial.Stage == TrialStage.Calibrate) throw new FormatException($"point must be empty, but was '{trial.Point}'");
        if (!space.Read($"{trial.Point}").Equals(trial.Point)) throw new FormatException($"point must be one of the space {space}, but was '{trial.Point}'");
    }

    private static void CheckMeasures(Trial trial)
    {
        foreach ((string name, double value) in trial.Measures)
        {
            if (double.IsNaN(value) || Losses.Contains(name)) continue;
            double largest = name switch
            {
                TrialMeasures.ShareClipped => 1,
                TrialMeasures.TimeSteps or TrialMeasures.TimeStepsReached => int.MaxValue,
                TrialMeasures.Steps or TrialMeasures.NonFiniteSteps or TrialMeasures.NormSteps or TrialMeasures.Parameters => LargestCount,
                _ => double.MaxValue,
            };
            if (!(value >= 0 && value <= largest)) throw new FormatException(FormattableString.Invariant($"{name} must be from 0 to {largest:G4}, but was {value:R}"));
        }
    }
}
