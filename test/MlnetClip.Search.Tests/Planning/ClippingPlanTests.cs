using MlnetClip.Search.Planning;

namespace MlnetClip.Search.Tests.Planning;

[TestClass]
public sealed class ClippingPlanTests
{
    [TestMethod]
    public void ItCalibratesThenExploresThenConfirmsWithinItsTrials()
    {
        foreach (int trials in new[] { 2, 3, 4, 8, 13, 24, 40, 100 })
        {
            List<Trial> study = Run(new ClippingPlan(new ClippingPlanOptions { Trials = trials, Space = Fixed }), Valley);

            Assert.HasCount(trials, study);
            Assert.AreEqual(TrialStage.Calibrate, study[0].Stage);
            Assert.AreEqual(1, study.Count(trial => trial.Stage == TrialStage.Calibrate));
            CollectionAssert.AreEqual(study.Select(trial => trial.Stage).Order().ToArray(), study.Select(trial => trial.Stage).ToArray());
        }
    }

    [TestMethod]
    public void TheBestAndNoClippingGetEverySeed()
    {
        List<Trial> study = Run(new ClippingPlan(new ClippingPlanOptions { Space = Fixed }), Valley);
        SearchPoint best = study.Where(trial => trial.Stage == TrialStage.Explore).MinBy(trial => trial.Value)!.Point;

        foreach (SearchPoint point in new[] { best, SearchPoint.Empty })
            CollectionAssert.AreEqual(new[] { 0, 1, 2, 3, 4 }, study.Where(trial => trial.Point.Equals(point)).Select(trial => trial.Seed).Order().ToArray());
        int[] finalists = [.. study.Where(trial => trial.Stage == TrialStage.Confirm).GroupBy(trial => trial.Seed).Select(round => round.Count())];
        CollectionAssert.AreEqual(finalists.OrderDescending().ToArray(), finalists);
        Assert.AreEqual(3, finalists[^1], "two finalists and no clipping");
    }

    [TestMethod]
    public void WhereFewSurviveTheExplorationMoreOfThemGetEverySeed()
    {
        List<Trial> study = Run(new ClippingPlan(new ClippingPlanOptions { Space = Fixed }), trial => trial is { Stage: TrialStage.Explore, Number: > 4 }
            ? trial with { State = TrialState.Pruned, Value = 9, Reports = [new(1, 9)] }
            : Valley(trial));

        int[] finalists = [.. study.Where(trial => trial.Stage == TrialStage.Confirm).GroupBy(trial => trial.Seed).Select(round => round.Count() - 1)];
        CollectionAssert.AreEqual(new[] { 4, 4, 3, 3 }, finalists);
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(3)]
    [DataRow(2)]
    public void WholeFitsBoundWhatATrialCosts(int oneInGoesOn)
    {
        const int Epochs = 30, Pruned = 5;
        foreach (double fits in new[] { 12, 20.5, 29 })
        {
            List<Trial> study = Run(new ClippingPlan(new ClippingPlanOptions { Space = Fixed, WholeFits = fits }), trial =>
            {
                bool stops = oneInGoesOn > 0 && trial.Stage == TrialStage.Explore && trial.Number > 4 && trial.Number % oneInGoesOn != 0;
                return Valley(trial) with { State = stops ? TrialState.Pruned : TrialState.Complete, Reports = [new(stops ? Pruned : Epochs, 1)] };
            });

            double spent = study.Sum(trial => trial.Reports[^1].Step / (double)Epochs);
            Assert.IsLessThanOrEqualTo(fits + 1e-9, spent);
            Assert.IsLessThanOrEqualTo(40, study.Count);
            if (study.Count < 40) Assert.IsGreaterThan(fits - 4, spent, "little is left unspent");
            int seeds = study.Where(trial => trial.Stage == TrialStage.Confirm).Select(trial => trial.Seed).Distinct().Count();
            Assert.AreEqual(fits switch { 12 => 2, 20.5 => 3, _ => 4 }, seeds, "finalists get as many seeds as half of the fits allows");
        }
    }

    [TestMethod]
    public void RoundsSpendWhatTheyMayAndNoMore()
    {
        foreach (int trials in Enumerable.Range(0, 60))
        {
            foreach (int finalists in new[] { 1, 2, 3, 5, 20 })
            {
                int[] sizes = ConfirmationRounds.Sizes(trials, seeds: 5, finalists);
                Assert.IsLessThanOrEqualTo(trials, ConfirmationRounds.Cost(sizes));
                CollectionAssert.AreEqual(sizes.OrderDescending().ToArray(), sizes);
                Assert.IsTrue(sizes.All(size => size >= 2 && size <= Math.Max(2, finalists)));
            }
        }
    }

    [TestMethod]
    public void TheRangeFollowsFromTheCalibration()
    {
        List<Trial> study = Run(new ClippingPlan(new ClippingPlanOptions()), trial => trial.Stage == TrialStage.Calibrate
            ? UnclippedFitTests.With((TrialMeasures.NormSteps, 10), (TrialMeasures.NormMean, 2), (TrialMeasures.NormQuantile(50), 1), (TrialMeasures.NormQuantile(90), 4))
            : Valley(trial));

        double[] tried = [.. study.Where(trial => trial.Stage == TrialStage.Explore).Select(trial => trial.Point.Number("norm"))];
        Assert.IsTrue(tried.All(threshold => threshold is >= 0.1 and <= 20), string.Join(' ', tried));
        Assert.IsTrue(tried.Any(threshold => threshold < 0.3) && tried.Any(threshold => threshold > 7), string.Join(' ', tried));
    }

    [TestMethod]
    public void AFinalistThatFailsWithASeedFallsBehind()
    {
        List<Trial> study = Run(new ClippingPlan(new ClippingPlanOptions { Space = Fixed }), trial =>
        {
            Trial ended = Valley(trial);
            bool fails = trial is { Stage: TrialStage.Confirm, Seed: 1 } && trial.Point.Values.Count > 0 && trial.Point.Number("norm") < 1;
            return fails ? ended with { State = TrialState.Failed, Value = null, Failure = new TrialFailure(FailureKind.NonFinite, "No.") } : ended;
        });

        Trial[] later = [.. study.Where(trial => trial.Seed == 4 && trial.Point.Values.Count > 0)];
        Assert.IsNotEmpty(later);
        Assert.IsTrue(later.All(trial => trial.Point.Number("norm") >= 1), string.Join(' ', later.Select(trial => trial.Point)));
    }

    [TestMethod]
    public void WhereEveryPointFailsThereIsNothingToConfirm()
    {
        List<Trial> study = Run(
            new ClippingPlan(new ClippingPlanOptions { Space = Fixed }),
            trial => trial with { State = TrialState.Failed, Failure = new TrialFailure(FailureKind.Exception, "No.") });

        Assert.IsFalse(study.Any(trial => trial.Stage == TrialStage.Confirm));
    }

    [TestMethod]
    public void WhenTimeIsUpItGoesOnToTheFinalists()
    {
        bool isUp = false;
        List<Trial> study = Run(new ClippingPlan(new ClippingPlanOptions { Space = Fixed, TimeIsUp = () => isUp }), trial =>
        {
            isUp = trial.Number > 6;
            return Valley(trial);
        });

        Assert.AreEqual(8, study.Count(trial => trial.Stage == TrialStage.Explore));
        Assert.IsTrue(study.Any(trial => trial is { Stage: TrialStage.Confirm, Seed: 4 }));
    }

    [TestMethod]
    public void EveryStateOfAStudyHasOneAnswer()
    {
        var plan = new ClippingPlan(new ClippingPlanOptions { Space = Fixed, Sampler = new TpeSampler(startupTrials: 8) });
        List<Trial> study = Run(plan, Valley);
        for (int i = 0; i < study.Count; i++)
        {
            if (i > 0 && study[i].Generation == study[i - 1].Generation) continue;
            TrialRequest[] expected = [.. study.Where(trial => trial.Generation == study[i].Generation).Select(trial => trial.Request)];
            CollectionAssert.AreEqual(expected, plan.Next(study[..i]).ToArray());
        }
    }

    private static ClippingSpace Fixed => new() { Range = (0.01, 100) };

    /// <summary>Losses about a valley at 1, a little different with every seed.</summary>
    private static Trial Valley(Trial trial) => trial with
    {
        State = TrialState.Complete,
        Value = trial.Point.Values.Count == 0 ? 5 : 1 + Math.Abs(Math.Log10(trial.Point.Number("norm"))) + (0.001 * trial.Seed),
    };

    private static List<Trial> Run(ClippingPlan plan, Func<Trial, Trial> run)
    {
        List<Trial> trials = [];
        for (int generation = 0; plan.Next(trials) is { Count: > 0 } next; generation++)
            foreach (TrialRequest request in next) trials.Add(run(new Trial(trials.Count, generation, request)));
        return trials;
    }
}
