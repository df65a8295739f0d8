using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace MLNet.Contract.Tests.Environment;

[TestClass]
public sealed class HostTests
{
    private static int[] Draw(IHost host) => [.. Enumerable.Range(0, 5).Select(_ => host.Rand.Next(1 << 20))];

    [TestMethod]
    public void The_seed_and_the_order_of_registering_decide_the_random_numbers()
    {
        IHostEnvironment first = new MLContext(seed: 7), second = new MLContext(seed: 7);
        int[] a = Draw(first.Register("a")), b = Draw(first.Register("b"));
        CollectionAssert.AreEqual(a, Draw(second.Register("other name")));
        CollectionAssert.AreEqual(b, Draw(second.Register("b")));
        CollectionAssert.AreNotEqual(a, b);
    }

    [TestMethod]
    public void A_seed_of_its_own_makes_a_host_independent_of_the_rest()
    {
        IHostEnvironment env = new MLContext(seed: 1), other = new MLContext(seed: 2);
        CollectionAssert.AreEqual(Draw(env.Register("a", seed: 5)), Draw(other.Register("b", seed: 5)));
    }

    [TestMethod]
    public void Different_seeds_give_different_numbers() => CollectionAssert.AreNotEqual(
        Draw(((IHostEnvironment)new MLContext(seed: 1)).Register("a")),
        Draw(((IHostEnvironment)new MLContext(seed: 2)).Register("a")));

    [TestMethod]
    [DataRow("")]
    [DataRow(null)]
    public void A_host_needs_a_name(string? name)
    {
        IHostEnvironment env = new MLContext();
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => env.Register(name));
    }

    [TestMethod]
    public void An_exception_processed_is_the_same_one()
    {
        var exception = new FormatException("bad");
        Assert.AreSame(exception, ((IHostEnvironment)new MLContext()).Process(exception));
        Assert.AreSame(exception, ((IHostEnvironment)new MLContext()).Register("h").Process(exception));
    }

    [TestMethod]
    public void Progress_may_be_reported_though_nobody_listens()
    {
        IHostEnvironment env = new MLContext();
        using IProgressChannel progress = env.Register("h").StartProgressChannel("training");
        progress.SetHeader(new ProgressHeader(["loss"], ["epochs"]), entry =>
        {
            entry.SetProgress(0, 1, 10);
            entry.SetMetric(0, 0.5);
        });
        progress.Checkpoint(0.5, 1);
    }

    [TestMethod]
    public void A_progress_header_has_no_null_lists()
    {
        var header = new ProgressHeader("epochs", "rows");
        CollectionAssert.AreEqual(new[] { "epochs", "rows" }, header.UnitNames.ToArray());
        Assert.IsEmpty(header.MetricNames);
        Assert.IsEmpty(new ProgressHeader(null, (string[]?)null).UnitNames);
    }
}
