using MlnetClip.Optimizers;
using MlnetClip.Parameters;
using MlnetClip.Settings;
using MlnetClip.TestKit;

namespace MlnetClip.Core.Tests.Optimizers;

/// <summary>Settings as values: text forms, ranges, errors; and what every optimizer promises of a step.</summary>
[TestClass]
public sealed class OptimizerTests
{
    public static IEnumerable<object[]> Texts =>
    [
        ["sgd"],
        ["sgd:momentum=0.9"],
        ["sgd:momentum=0.9,decay=0.0001,nesterov=1"],
        ["adam"],
        ["adam:beta1=0.8,beta2=0.95,eps=0.0001,decay=0.1"],
        ["adamw"],
        ["adamw:decay=0"],
        ["rmsprop"],
        ["rmsprop:alpha=0.9,eps=0.001,momentum=0.5,decay=0.01"],
    ];

    // Every range of every optimizer with the name that its text form gives the option.
    public static IEnumerable<object[]> IllegalTexts =>
        from option in new (string Text, OptionRange Range)[]
        {
            ("sgd:momentum", Sgd.Ranges[0]), ("sgd:decay", Sgd.Ranges[1]),
            ("adam:beta1", Adam.Ranges[0]), ("adam:beta2", Adam.Ranges[1]), ("adamw:eps", Adam.Ranges[2]), ("adamw:decay", Adam.Ranges[3]),
            ("rmsprop:alpha", RmsProp.Ranges[0]), ("rmsprop:eps", RmsProp.Ranges[1]),
            ("rmsprop:momentum", RmsProp.Ranges[2]), ("rmsprop:decay", RmsProp.Ranges[3]),
        }
        from value in IllegalValues.Of(option.Range)
        select new object[] { FormattableString.Invariant($"{option.Text}={value:R}"), option.Range.Option };

    [TestMethod]
    [DynamicData(nameof(Texts))]
    public void TextFormsRoundTrip(string text)
    {
        Optimizer optimizer = Optimizer.Parse(text);

        Assert.AreEqual(text, optimizer.ToString());
        Assert.AreEqual(Optimizer.Parse(optimizer.ToString()), optimizer);
        Assert.AreEqual(Optimizer.Parse(text).GetHashCode(), optimizer.GetHashCode());
    }

    [TestMethod]
    public void FactoriesAndTextFormsMeanTheSame()
    {
        Assert.AreEqual(Optimizer.Parse("sgd:momentum=0.9,decay=0.01,nesterov=1"), Optimizer.Sgd(0.9f, 0.01f, nesterov: true));
        Assert.AreEqual(Optimizer.Parse("adam"), Optimizer.Adam());
        Assert.AreEqual(Optimizer.Parse("adamw"), Optimizer.AdamW());
        Assert.AreEqual(Optimizer.Parse("adamw:decay=0"), Optimizer.AdamW(0f));
        Assert.AreEqual(Optimizer.Parse("rmsprop"), Optimizer.RmsProp());
        Assert.AreNotEqual(Optimizer.Parse("adamw:decay=0"), Optimizer.Adam());
        Assert.AreNotEqual(Optimizer.Sgd(), Optimizer.Sgd(0.5f));
    }

    [TestMethod]
    [DynamicData(nameof(IllegalTexts))]
    public void RefusesValuesOutsideTheirRange(string text, string option)
    {
        var error = Assert.Throws<ArgumentException>(() => Optimizer.Parse(text));

        StringAssert.Contains(error.Message, $".{option} must be ");
        StringAssert.Contains(error.Message, ", but was ");
    }

    [TestMethod]
    public void ReportsAllErrorsAtOnce()
    {
        var error = Assert.Throws<ArgumentException>(() => Optimizer.Adam(beta1: 1f, beta2: -0.5f, epsilon: 0f, weightDecay: float.NaN));

        string[] expected =
        [
            "Adam.Beta1 must be 0 or more and below 1, but was 1.",
            "Adam.Beta2 must be 0 or more and below 1, but was -0.5.",
            "Adam.Epsilon must be above 0, but was 0.",
            "Adam.WeightDecay must be 0 or more, but was NaN.",
        ];
        CollectionAssert.AreEqual(expected, error.Message.Split(Environment.NewLine));
    }

    [TestMethod]
    public void NesterovNeedsMomentum()
    {
        var error = Assert.Throws<ArgumentException>(() => Optimizer.Sgd(nesterov: true));

        Assert.StartsWith("Sgd.Nesterov must be false without momentum, but was true.", error.Message);
        StringAssert.Contains(error.Message, $"{Environment.NewLine}Hint: ");
    }

    [TestMethod]
    [DataRow("lion", "there is no optimizer 'lion'; there are sgd, adam, adamw, rmsprop")]
    [DataRow("adam:momentum=0.9", "'momentum' is not known; 'adam' takes beta1, beta2, eps, decay")]
    [DataRow("sgd:momentum", "'momentum' is not of the form key=value")]
    [DataRow("sgd:momentum=0.9,momentum=0.8", "'momentum' is given twice")]
    [DataRow("sgd:momentum=high", "momentum must be a number, but was 'high'")]
    [DataRow("sgd:momentum=0.9,nesterov=2", "nesterov must be 0 or 1, but was 2")]
    [DataRow("", "there is no optimizer ''")]
    public void SaysWhatIsWrongWithAText(string text, string problem)
    {
        var error = Assert.Throws<FormatException>(() => Optimizer.Parse(text));

        Assert.StartsWith($"The optimizer '{text}' cannot be read: {problem}", error.Message);
    }

    [TestMethod]
    [DynamicData(nameof(Texts))]
    public void AStepOfLearningRateZeroChangesNothing(string text)
    {
        ParameterSet parameters = Random(seed: 1);
        float[] before = parameters.Values.ToArray();
        Optimizer optimizer = Optimizer.Parse(text);

        optimizer.Step(parameters, optimizer.CreateState(parameters), learningRate: 0f);

        Near.AssertSameBits(before, parameters.Values, text);
    }

    [TestMethod]
    [DynamicData(nameof(Texts))]
    public void AStepAllocatesNothing(string text)
    {
        ParameterSet parameters = Random(seed: 2);
        Optimizer optimizer = Optimizer.Parse(text);
        OptimizerState state = optimizer.CreateState(parameters);
        for (int i = 0; i < 3; i++) optimizer.Step(parameters, state, learningRate: 0.1f);

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 10; i++) optimizer.Step(parameters, state, learningRate: 0.1f);

        Assert.AreEqual(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [TestMethod]
    [DynamicData(nameof(Texts))]
    public void AStepLeavesTheGradientsAsTheyWere(string text)
    {
        ParameterSet parameters = Random(seed: 3);
        float[] before = parameters.Gradients.ToArray();
        Optimizer optimizer = Optimizer.Parse(text);

        optimizer.Step(parameters, optimizer.CreateState(parameters), learningRate: 0.1f, gradientScale: 0.5f);

        Near.AssertSameBits(before, parameters.Gradients, text);
    }

    [TestMethod]
    public void RefusesAnotherOptimizersState()
    {
        ParameterSet parameters = Random(seed: 4);
        OptimizerState state = Optimizer.Adam().CreateState(parameters);

        Assert.Throws<ArgumentException>(() => Optimizer.Sgd().Step(parameters, state, learningRate: 0.1f));
        Assert.AreEqual(0, state.Updates);
    }

    [TestMethod]
    [DataRow("sgd", 1 - (0.05 * 2))]
    [DataRow("sgd:decay=0.5", 1 - (0.05 * (2 + (0.5 * 1))))]
    [DataRow("sgd:momentum=0.9", 1 - (0.05 * 2))]
    [DataRow("sgd:momentum=0.5,nesterov=1", 1 - (0.05 * (2 + (0.5 * 2))))]
    [DataRow("adam", 1 - 0.05)]
    [DataRow("adamw:decay=0.5", (1 * (1 - (0.05 * 0.5))) - 0.05)]
    [DataRow("rmsprop:alpha=0.75", 1 - (0.05 * 2 / (0.5 * 2)))]
    public void TheFirstStepFromValue1Gradient2Rate005AsWorkedByHand(string text, double expected)
    {
        var parameters = new ParameterSet([new("w", 0, ParameterRole.Input, 1, 1)]);
        parameters.Values[0] = 1f;
        parameters.Gradients[0] = 2f;
        Optimizer optimizer = Optimizer.Parse(text);

        optimizer.Step(parameters, optimizer.CreateState(parameters), learningRate: 0.05f);

        Near.AssertRelative(expected, parameters.Values[0], 1e-6, text);
    }

    private static ParameterSet Random(int seed)
    {
        var random = new Random(seed);
        var parameters = new ParameterSet([new("w", 0, ParameterRole.Input, 7, 11), new("b", 0, ParameterRole.Bias, 7, 1, IsBias: true)]);
        for (int i = 0; i < parameters.Length; i++)
        {
            parameters.Values[i] = (2 * random.NextSingle()) - 1;
            parameters.Gradients[i] = (2 * random.NextSingle()) - 1;
        }

        return parameters;
    }
}
