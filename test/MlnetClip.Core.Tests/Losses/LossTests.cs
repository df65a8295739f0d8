using MlnetClip.Losses;
using MlnetClip.TestKit;

namespace MlnetClip.Core.Tests.Losses;

/// <summary>Values worked by hand, derivatives by central differences, missing targets, and what is refused.</summary>
[TestClass]
public sealed class LossTests
{
    private static readonly float[] Outputs = [0.5f, -1.25f, 2f, 0.125f, -0.75f, 3f], Targets = [0f, -1f, 1f, 0.5f, 0.25f, 3f];
    private static readonly float[] Classes = [1, 0], Probabilities = [0, 1, 1, 0.25f, 0, 1], All = [1, 1, 1, 1, 1, 1], SomeMissing = [1, 0, 1, 1, 1, 0], Weighted = [1, 0.5f, 2, 1, 3, 0];

    [TestMethod]
    public void MseIsTheMeanSquare() => AssertLoss(new MseLoss(), [1f, 2f], [3f, 2f], [1f, 1f], sum: 4, weights: 2, derivatives: [-4f, 0f]);

    [TestMethod]
    public void HuberIsASquareWithinDeltaAndALineBeyond() =>
        AssertLoss(new HuberLoss(0.5f), [1f, 2.25f], [3f, 2f], [1f, 1f], sum: 0.5 * (2 - 0.25) + 0.5 * 0.0625, weights: 2, derivatives: [-0.5f, 0.25f]);

    [TestMethod]
    public void CrossEntropyOfEqualOutputsIsTheLogarithmOfTheirNumber() =>
        AssertLoss(new CrossEntropyLoss(), [7f, 7f, 7f, 7f], [2f], [1f], Math.Log(4), 1, [0.25f, 0.25f, -0.75f, 0.25f], O: 4);

    [TestMethod]
    public void CrossEntropyTakesOutputsOfAnySize()
    {
        var (sum, _) = new CrossEntropyLoss().Evaluate([1e30f, -1e30f, 5000f], [0f], [1f], [], 3);
        Assert.AreEqual(0, sum, 1e-6);
    }

    /// <summary>
    /// PyTorch's values: <c>binary_cross_entropy_with_logits(y, t, weight, reduction="sum")</c> and its gradient, in float64.
    /// </summary>
    [TestMethod]
    public void BinaryCrossEntropyIsPyTorchs() => AssertLoss(
        new BinaryCrossEntropyLoss(), [0f, 2f, -3f, 0.5f], [1f, 0f, 1f, 0.25f], [1f, 2f, 0.5f, 4f],
        sum: 9.86760481515319, weights: 7.5, derivatives: [-0.5f, 1.7615941559557646f, -0.4762870634112166f, 1.4898373248074184f]);

    [TestMethod]
    public void BinaryCrossEntropyTakesOutputsOfAnySize()
    {
        var derivatives = new float[4];
        var (sum, _) = new BinaryCrossEntropyLoss().Evaluate([1e30f, -1e30f, 200f, -200f], [1f, 0f, 0f, 1f], [1f, 1f, 1f, 1f], derivatives, 1);
        Assert.AreEqual(400, sum, 1e-9);
        Near.AssertAll([0f, 0f, 1f, -1f], derivatives, 1e-7, "derivatives");
    }

    [TestMethod]
    [DataRow(-0.01f)]
    [DataRow(1.01f)]
    [DataRow(float.NaN)]
    public void BinaryCrossEntropyRefusesATargetThatIsNoProbability(float target) =>
        StringAssert.Contains(
            Assert.ThrowsExactly<InvalidDataException>(() => new BinaryCrossEntropyLoss().Evaluate([1f], [target], [1f], [], 1)).Message, "from 0 to 1");

    /// <summary>q d above the quantile, (1 - q) |d| below it, averaged over the two quantiles of a target.</summary>
    [TestMethod]
    public void PinballWeighsErrorsByTheirSide() => AssertLoss(
        new PinballLoss(0.1f, 0.9f), [1f, 3f, 2f, 2f], [2f, 2f], [1f, 2f], sum: ((0.1 * 1) + (0.1 * 1)) / 2, weights: 3, derivatives: [-0.05f, 0.05f, 0f, 0f]);

    [TestMethod]
    public void APinballLossOfAStepTowardsTheTargetIsSmaller()
    {
        var loss = new PinballLoss(0.2f, 0.5f, 0.8f);
        float[] outputs = [1f, -2f, 0.5f, 4f, 3f, 2f], targets = [0.25f, 2.5f], weights = [1f, 0.5f], derivatives = new float[6];
        double before = loss.Evaluate(outputs, targets, weights, derivatives, 3).LossSum;
        for (int n = 0; n < 6; n++)
        {
            float[] moved = [.. outputs];
            moved[n] += 1 / 256f;
            Assert.AreEqual((loss.Evaluate(moved, targets, weights, [], 3).LossSum - before) * 256, derivatives[n], 1e-6, $"element {n}");
        }
    }

    [TestMethod]
    [DataRow(new float[0], "at least one")]
    [DataRow(new[] { 0f }, "above 0 and below 1")]
    [DataRow(new[] { 0.5f, 1f }, "above 0 and below 1")]
    [DataRow(new[] { 0.5f, float.NaN }, "above 0 and below 1")]
    [DataRow(new[] { 0.5f, 0.5f }, "ascending order")]
    [DataRow(new[] { 0.5f, 0.1f }, "ascending order")]
    public void PinballRefusesLevelsThatAreNone(float[] levels, string expected) =>
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => new PinballLoss(levels)).Message, expected);

    [TestMethod]
    public void PinballNeedsAnOutputForEachQuantile()
    {
        Assert.AreEqual(3, new PinballLoss(0.1f, 0.9f).TargetsFor(6));
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => new PinballLoss(0.1f, 0.9f).TargetsFor(5)).Message, "a multiple of the 2 quantiles");
    }

    [TestMethod]
    [DataRow("mse")]
    [DataRow("huber:0.6")]
    [DataRow("crossentropy")]
    [DataRow("binarycrossentropy")]
    public void DerivativesAreThoseOfTheSum(string text)
    {
        ILoss loss = LossText.Parse(text);
        bool classes = text == "crossentropy";
        float[] targets = classes ? Classes : text == "binarycrossentropy" ? Probabilities : Targets;
        foreach (float[] all in new[] { All, SomeMissing, Weighted })
        {
            float[] weights = classes ? all[1..3] : all;
            var derivatives = new float[6];
            loss.Evaluate(Outputs, targets, weights, derivatives, 3);
            for (int n = 0; n < 6; n++)
            {
                double difference = (Sum(n, 1 / 256f) - Sum(n, -1 / 256f)) * 128; // steps that floats hold exactly
                Assert.AreEqual(difference, derivatives[n], 1e-4, $"{text}, element {n}");
            }

            double Sum(int n, float step)
            {
                float[] moved = [.. Outputs];
                moved[n] += step;
                return loss.Evaluate(moved, targets, weights, [], 3).LossSum;
            }
        }
    }

    [TestMethod]
    [DataRow("mse")]
    [DataRow("huber:1")]
    [DataRow("pinball:0.1,0.5,0.9")]
    [DataRow("crossentropy")]
    [DataRow("binarycrossentropy")]
    public void WithoutAnObservedTargetAllIsZero(string text)
    {
        var derivatives = new float[] { 9, 9, 9 };
        ILoss loss = LossText.Parse(text);
        int K = loss.TargetsFor(3);
        var (sum, weights) = loss.Evaluate([1f, 2f, 3f], new float[K], new float[K], derivatives, 3);
        Assert.AreEqual((0.0, 0.0), (sum, weights));
        CollectionAssert.AreEqual(new float[3], derivatives);
    }

    [TestMethod]
    [DataRow("mse")]
    [DataRow("huber:1")]
    [DataRow("pinball:0.5")]
    [DataRow("crossentropy")]
    [DataRow("binarycrossentropy")]
    public void NaNReachesLossAndDerivative(string text)
    {
        var derivatives = new float[2];
        ILoss loss = LossText.Parse(text);
        float[] weights = text == "crossentropy" ? [1f] : [1f, 1f];
        var (sum, _) = loss.Evaluate([float.NaN, 1f], new float[loss.TargetsFor(2)], weights, derivatives, 2);
        Assert.IsTrue(double.IsNaN(sum) && float.IsNaN(derivatives[0]));
    }

    [TestMethod]
    [DataRow(3f)]
    [DataRow(-1f)]
    [DataRow(0.5f)]
    [DataRow(float.NaN)]
    public void CrossEntropyRefusesATargetThatIsNoClass(float target) =>
        StringAssert.Contains(
            Assert.ThrowsExactly<InvalidDataException>(() => new CrossEntropyLoss().Evaluate([1f, 2f, 3f], [target], [1f], [], 3)).Message,
            "index of a class, from 0 to 2");

    [TestMethod]
    public void CrossEntropyNeedsTwoClasses() =>
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => new CrossEntropyLoss().TargetsFor(1)).Message, "at least 2 outputs");

    [TestMethod]
    [DataRow(0f)]
    [DataRow(-1f)]
    [DataRow(float.NaN)]
    [DataRow(float.PositiveInfinity)]
    public void HuberRefusesADeltaThatIsNone(float delta) =>
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new HuberLoss(delta)).Message, "delta must be above 0 and finite");

    [TestMethod]
    [DataRow("mse", "mse")]
    [DataRow("huber", "huber:1")]
    [DataRow("huber:0.25", "huber:0.25")]
    [DataRow("pinball:0.1,0.5,0.9", "pinball:0.1,0.5,0.9")]
    [DataRow("crossentropy", "crossentropy")]
    [DataRow("binarycrossentropy", "binarycrossentropy")]
    public void TextFormsComeBack(string text, string printed)
    {
        ILoss loss = LossText.Parse(text);
        Assert.AreEqual(printed, loss.Text);
        Assert.AreEqual(printed, loss.ToString());
        Assert.AreEqual(loss, LossText.Parse(printed));
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("mae")]
    [DataRow("mse:1")]
    [DataRow("huber:0")]
    [DataRow("huber:x")]
    public void OtherTextsAreRefused(string text) => Assert.Throws<FormatException>(() => LossText.Parse(text));

    private static void AssertLoss(
        ILoss loss, float[] outputs, float[] targets, float[] observed, double sum, double weights, float[] derivatives, int O = 2)
    {
        var actual = new float[outputs.Length];
        var (lossSum, weightSum) = loss.Evaluate(outputs, targets, observed, actual, O);
        Assert.AreEqual(sum, lossSum, 1e-12);
        Assert.AreEqual(weights, weightSum);
        Near.AssertAll(derivatives, actual, 1e-7, "derivatives");
    }
}
