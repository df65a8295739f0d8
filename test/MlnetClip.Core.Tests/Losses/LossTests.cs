using MlnetClip.Losses;
using MlnetClip.TestKit;

namespace MlnetClip.Core.Tests.Losses;

/// <summary>Values worked by hand, derivatives by central differences, missing targets, and what is refused.</summary>
[TestClass]
public sealed class LossTests
{
    private static readonly float[] Outputs = [0.5f, -1.25f, 2f, 0.125f, -0.75f, 3f], Targets = [0f, -1f, 1f, 0.5f, 0.25f, 3f];
    private static readonly float[] OneHot = [0, 1, 0, 1, 0, 0], All = [1, 1, 1, 1, 1, 1], SomeMissing = [1, 0, 1, 1, 1, 0], SecondOnly = [0, 0, 0, 1, 1, 1];

    [TestMethod]
    public void MseIsTheMeanSquare() => AssertLoss(new MseLoss(), [1f, 2f], [3f, 2f], [1f, 1f], sum: 4, weights: 2, derivatives: [-2f, 0f]);

    [TestMethod]
    public void HuberIsASquareWithinDeltaAndALineBeyond() =>
        AssertLoss(new HuberLoss(0.5f), [1f, 2.25f], [3f, 2f], [1f, 1f], sum: 0.5 * (2 - 0.25) + 0.5 * 0.0625, weights: 2, derivatives: [-0.25f, 0.125f]);

    [TestMethod]
    public void CrossEntropyOfEqualOutputsIsTheLogarithmOfTheirNumber() =>
        AssertLoss(new CrossEntropyLoss(), [7f, 7f, 7f, 7f], [0f, 0f, 1f, 0f], [1f, 1f, 1f, 1f], Math.Log(4), 1, [0.25f, 0.25f, -0.75f, 0.25f], O: 4);

    [TestMethod]
    public void CrossEntropyTakesOutputsOfAnySize()
    {
        var (sum, _) = new CrossEntropyLoss().Evaluate([1e30f, -1e30f, 5000f], [1f, 0f, 0f], [1f, 1f, 1f], [], 3);
        Assert.AreEqual(0, sum, 1e-6);
    }

    [TestMethod]
    [DataRow("mse")]
    [DataRow("huber:0.6")]
    [DataRow("crossentropy")]
    public void DerivativesAreThoseOfTheMean(string text)
    {
        ILoss loss = LossText.Parse(text);
        float[] targets = text == "crossentropy" ? OneHot : Targets;
        foreach (float[] weights in new[] { All, text == "crossentropy" ? SecondOnly : SomeMissing })
        {
            var derivatives = new float[6];
            loss.Evaluate(Outputs, targets, weights, derivatives, 3);
            for (int n = 0; n < 6; n++)
            {
                double difference = (Mean(n, 1 / 256f) - Mean(n, -1 / 256f)) * 128; // steps that floats hold exactly
                Assert.AreEqual(difference, derivatives[n], 1e-5, $"{text}, element {n}");
            }

            double Mean(int n, float step)
            {
                float[] moved = [.. Outputs];
                moved[n] += step;
                var (sum, weightSum) = loss.Evaluate(moved, targets, weights, [], 3);
                return sum / weightSum;
            }
        }
    }

    [TestMethod]
    [DataRow("mse")]
    [DataRow("huber:1")]
    [DataRow("crossentropy")]
    public void WithoutAnObservedTargetAllIsZero(string text)
    {
        var derivatives = new float[] { 9, 9, 9 };
        var (sum, weights) = LossText.Parse(text).Evaluate([1f, 2f, 3f], [0f, 0f, 1f], [0f, 0f, 0f], derivatives, 3);
        Assert.AreEqual((0.0, 0.0), (sum, weights));
        CollectionAssert.AreEqual(new float[3], derivatives);
    }

    [TestMethod]
    [DataRow("mse")]
    [DataRow("huber:1")]
    [DataRow("crossentropy")]
    public void NaNReachesLossAndDerivative(string text)
    {
        var derivatives = new float[2];
        var (sum, _) = LossText.Parse(text).Evaluate([float.NaN, 1f], [1f, 0f], [1f, 1f], derivatives, 2);
        Assert.IsTrue(double.IsNaN(sum) && float.IsNaN(derivatives[0]));
    }

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
    [DataRow("crossentropy", "crossentropy")]
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
