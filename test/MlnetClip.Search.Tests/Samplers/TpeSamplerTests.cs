using MlnetClip.Data;
using MlnetClip.Search.Samplers;
using MlnetClip.Search.Spaces;
using MlnetClip.TestKit;

namespace MlnetClip.Search.Tests.Samplers;

[TestClass]
public sealed class TpeSamplerTests : SamplerContract
{
    private const int Studies = 60, Asked = 40;

    protected override ISampler Sampler => new TpeSampler();

    [TestMethod]
    public void FindsTheValleyOfALine()
    {
        // Half a decade off costs 1: TPE comes within 0.05 decades in nine studies of ten, random search in about half.
        SearchSpace space = SearchSpace.Logarithmic("threshold", 0.001, 1000);
        double Loss(SearchPoint point) => Math.Abs(Math.Log10(point.Number("threshold") / 2.7)) * 2;

        int tpe = CountBelow(0.1, new TpeSampler(), space, Loss), random = CountBelow(0.1, new RandomSampler(), space, Loss);

        Assert.IsGreaterThanOrEqualTo(Studies * 9 / 10, tpe, $"TPE {tpe}, random {random} of {Studies}");
        Assert.IsLessThan(Studies * 2 / 3, random, $"TPE {tpe}, random {random} of {Studies}");
    }

    [TestMethod]
    public void FindsTheValleyBehindACliff()
    {
        // Everything above 3 diverges, as a large learning rate would; the best place is just below.
        SearchSpace space = SearchSpace.Logarithmic("threshold", 0.001, 1000);
        double Loss(SearchPoint point) => point.Number("threshold") > 3 ? double.NaN : Math.Log10(3 / point.Number("threshold"));

        int tpe = CountBelow(0.15, new TpeSampler(), space, Loss);

        Assert.IsGreaterThanOrEqualTo(Studies * 85 / 100, tpe, $"{tpe} of {Studies}");
    }

    [TestMethod]
    public void FindsTheValleyInNoise()
    {
        SearchSpace space = SearchSpace.Logarithmic("threshold", 0.001, 1000);
        double Loss(SearchPoint point, SeededRandom noise)
        {
            double distance = Math.Log10(point.Number("threshold"));
            return (distance * distance) + (0.3 * (noise.NextDouble() - 0.5));
        }

        int near = 0;
        for (int study = 0; study < Studies; study++)
        {
            var noise = new SeededRandom((ulong)study);
            List<Trial> history = Run(new TpeSampler(), space, point => Loss(point, noise), (ulong)study);
            double[] last = [.. history.TakeLast(12).Select(trial => Math.Abs(Math.Log10(trial.Point.Number("threshold")))).Order()];
            if (last[6] < 0.7) near++;
        }

        Assert.IsGreaterThanOrEqualTo(Studies * 85 / 100, near, $"{near} of {Studies}");
    }

    [TestMethod]
    public void FindsTheBranchAndTheValleyInATree()
    {
        SearchSpace space = SearchSpace.Parse("rule=norm|value|agc; norm=log:0.01..100 when rule=norm; value=log:0.0001..1 when rule=value");
        double Loss(SearchPoint point) => point.Choice("rule") switch
        {
            "norm" => 0.5 + Math.Abs(Math.Log10(point.Number("norm"))),
            "value" => Math.Abs(Math.Log10(point.Number("value") / 0.01)),
            _ => 0.8,
        };

        int tpe = CountBelow(0.2, new TpeSampler(), space, Loss), random = CountBelow(0.2, new RandomSampler(), space, Loss);

        Assert.IsGreaterThanOrEqualTo(Studies * 9 / 10, tpe, $"TPE {tpe}, random {random} of {Studies}");
        Assert.IsLessThan(tpe, random, $"TPE {tpe}, random {random} of {Studies}");
    }

    [TestMethod]
    public void LeavesARegionThatFails()
    {
        SearchPoint[] bad = [.. Enumerable.Range(0, 15).Select(i => Line.FromUnits(_ => 0.5 + (i / 30.0)))];
        SearchPoint[] good = [.. Enumerable.Range(0, 5).Select(i => Line.FromUnits(_ => i / 10.0))];
        Trial[] history = [.. bad.Select((point, i) => Past.Failed(i, point)), .. good.Select((point, i) => Past.Complete(15 + i, point, 1))];

        int above = Enumerable.Range(20, 50).Count(i => Sampler.Sample(new SampleRequest(Line, 4, i) { History = history })!.Number("threshold") > 1.3);

        Assert.IsLessThan(5, above);
    }

    [TestMethod]
    public void ParzenDensitiesAreDensities()
    {
        var random = new SeededRandom(1);
        foreach (double[] observations in new double[][] { [], [0.5], [0, 1], [0.3, 0.3, 0.3], [0.1, 0.11, 0.5, 0.97] })
        {
            var estimator = new ParzenEstimator(observations);
            double mass = Enumerable.Range(0, 10_000).Average(i => estimator.Density((i + 0.5) / 10_000));
            Assert.AreEqual(1, mass, 1e-5);

            double mean = Enumerable.Range(0, 10_000).Average(i => (i + 0.5) / 10_000 * estimator.Density((i + 0.5) / 10_000));
            double drawn = Enumerable.Range(0, 20_000).Average(_ => estimator.Draw(random));
            Assert.AreEqual(mean, drawn, 0.012);
        }
    }

    [TestMethod]
    public void IllegalOptionsAreNamed()
    {
        foreach (float illegal in IllegalValues.Of(TpeSampler.Ranges[2]))
            StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => new TpeSampler(goodShare: illegal)).Message, "TpeSampler.GoodShare");
        string all = Assert.ThrowsExactly<ArgumentException>(() => new TpeSampler(0, 0, 0)).Message;
        foreach (var range in TpeSampler.Ranges) StringAssert.Contains(all, $"TpeSampler.{range.Option} must be");
    }

    [TestMethod]
    [DataRow("tpe:n_startup_trials=0")]
    [DataRow("tpe:n_trials=3")]
    [DataRow("bayes")]
    [DataRow("halton:seed=1")]
    public void TextsThatAreNoSamplerAreRefused(string text)
    {
        try
        {
            _ = MlnetClip.Sampler.Parse(text);
            Assert.Fail("It was read.");
        }
        catch (Exception error) when (error is FormatException or ArgumentException)
        {
        }
    }

    private static int CountBelow(double loss, ISampler sampler, SearchSpace space, Func<SearchPoint, double> objective) =>
        Enumerable.Range(0, Studies).Count(study => Run(sampler, space, objective, (ulong)study).Min(trial => trial.Value ?? double.PositiveInfinity) < loss);

    /// <summary>A study of generations of four.</summary>
    private static List<Trial> Run(ISampler sampler, SearchSpace space, Func<SearchPoint, double> objective, ulong seed)
    {
        List<Trial> history = [];
        while (history.Count < Asked)
        {
            List<SearchPoint> pending = [];
            for (int i = 0; i < 4; i++)
                pending.Add(sampler.Sample(new SampleRequest(space, seed, history.Count + i) { History = history, Pending = pending })!);
            foreach (SearchPoint point in pending)
            {
                double value = objective(point);
                history.Add(double.IsNaN(value) ? Past.Failed(history.Count, point) : Past.Complete(history.Count, point, value));
            }
        }

        return history;
    }
}
