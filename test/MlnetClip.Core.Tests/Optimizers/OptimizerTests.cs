using MlnetClip.Optimizers;
using MlnetClip.Parameters;
using MlnetClip.Settings;
using MlnetClip.TestKit;
using MlnetClip.Training;

namespace MlnetClip.Core.Tests.Optimizers;

/// <summary>Settings as values: text forms, ranges, errors; and what every optimizer promises of a step.</summary>
[TestClass]
public sealed class OptimizerTests
{
    static OptimizerTests() => SignSgd.Register();

    public static IEnumerable<object[]> Texts =>
    [
        ["sgd"],
        ["sgd:momentum=0.9"],
        ["sgd:momentum=0.9,decay=0.0001,nesterov=true"],
        ["adam"],
        ["adam:beta1=0.8,beta2=0.95,eps=0.0001,decay=0.1"],
        ["adamw"],
        ["adamw:decay=0"],
        ["rmsprop"],
        ["rmsprop:alpha=0.9,eps=0.001,momentum=0.5,decay=0.01"],
        ["sgd:momentum=0.9,decay=0.01,decoupled=true"],
        ["rmsprop:decay=0.01,decoupled=true"],
        ["adagrad"],
        ["adagrad:eps=0.001,decay=0.01,decoupled=true"],
        ["sign:0.5"],
    ];

    // Every range of every optimizer with the name that its text form gives the option.
    public static IEnumerable<object[]> IllegalTexts =>
        from option in new (string Text, OptionRange Range)[]
        {
            ("sgd:momentum", Sgd.Ranges[0]), ("sgd:decay", Sgd.Ranges[1]),
            ("adam:beta1", Adam.Ranges[0]), ("adam:beta2", Adam.Ranges[1]), ("adamw:eps", Adam.Ranges[2]), ("adamw:decay", Adam.Ranges[3]),
            ("rmsprop:alpha", RmsProp.Ranges[0]), ("rmsprop:eps", RmsProp.Ranges[1]),
            ("rmsprop:momentum", RmsProp.Ranges[2]), ("rmsprop:decay", RmsProp.Ranges[3]),
            ("adagrad:eps", Adagrad.Ranges[0]), ("adagrad:decay", Adagrad.Ranges[1]),
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
        Assert.AreEqual(Optimizer.Parse("sgd:momentum=0.9,decay=0.01,nesterov=true"), Optimizer.Sgd(0.9f, 0.01f, nesterov: true));
        Assert.AreEqual(Optimizer.Parse("adam"), Optimizer.Adam());
        Assert.AreEqual(Optimizer.Parse("adamw"), Optimizer.AdamW());
        Assert.AreEqual(Optimizer.Parse("adamw:decay=0"), Optimizer.AdamW(0f));
        Assert.AreEqual(Optimizer.Parse("rmsprop"), Optimizer.RmsProp());
        Assert.AreEqual(Optimizer.Parse("adagrad:decay=0.1,decoupled=true"), Optimizer.Adagrad(weightDecay: 0.1f, decoupled: true));
        Assert.AreEqual(Optimizer.Parse("sgd:decay=0.1,decoupled=true"), Optimizer.Sgd(weightDecay: 0.1f, decoupled: true));
        Assert.AreEqual(Optimizer.Parse("rmsprop:decay=0.1,decoupled=true"), Optimizer.RmsProp(weightDecay: 0.1f, decoupled: true));
        Assert.AreNotEqual(Optimizer.Parse("adamw:decay=0"), Optimizer.Adam());
        Assert.AreNotEqual(Optimizer.Sgd(), Optimizer.Sgd(0.5f));
    }

    [TestMethod]
    [DynamicData(nameof(IllegalTexts))]
    public void RefusesTextsWithValuesOutsideTheirRange(string text, string option)
    {
        var error = Assert.Throws<SettingFormatException>(() => Optimizer.Parse(text));

        Assert.AreEqual(text.IndexOf('=', StringComparison.Ordinal) + 1, error.Position);
        StringAssert.Contains(error.Message, option);
    }

    [TestMethod]
    public void RefusesArgumentsOutsideTheirRange()
    {
        (Func<float, Optimizer> Create, OptionRange Range)[] arguments =
        [
            (v => Optimizer.Sgd(momentum: v), Sgd.Ranges[0]), (v => Optimizer.Sgd(weightDecay: v), Sgd.Ranges[1]),
            (v => Optimizer.Adam(beta1: v), Adam.Ranges[0]), (v => Optimizer.Adam(beta2: v), Adam.Ranges[1]),
            (v => Optimizer.AdamW(epsilon: v), Adam.Ranges[2]), (v => Optimizer.AdamW(weightDecay: v), Adam.Ranges[3]),
            (v => Optimizer.RmsProp(alpha: v), RmsProp.Ranges[0]), (v => Optimizer.RmsProp(epsilon: v), RmsProp.Ranges[1]),
            (v => Optimizer.RmsProp(momentum: v), RmsProp.Ranges[2]), (v => Optimizer.RmsProp(weightDecay: v), RmsProp.Ranges[3]),
            (v => Optimizer.Adagrad(v), Adagrad.Ranges[0]), (v => Optimizer.Adagrad(weightDecay: v), Adagrad.Ranges[1]),
        ];
        foreach (var (create, range) in arguments)
        {
            foreach (float value in IllegalValues.Of(range))
            {
                var error = Assert.Throws<ArgumentException>(() => create(value));
                StringAssert.Contains(error.Message, $".{range.Option} must be {range.Describe()}, but was ");
            }
        }
    }

    [TestMethod]
    public void FactoriesRefuseValuesOutsideTheirRange()
    {
        foreach ((OptionRange range, Func<float, Optimizer> create) in new (OptionRange, Func<float, Optimizer>)[]
        {
            (Sgd.Ranges[0], v => Optimizer.Sgd(momentum: v)), (Sgd.Ranges[1], v => Optimizer.Sgd(weightDecay: v)),
            (Adam.Ranges[0], v => Optimizer.Adam(beta1: v)), (Adam.Ranges[1], v => Optimizer.Adam(beta2: v)),
            (Adam.Ranges[2], v => Optimizer.AdamW(epsilon: v)), (Adam.Ranges[3], v => Optimizer.AdamW(weightDecay: v)),
            (RmsProp.Ranges[0], v => Optimizer.RmsProp(alpha: v)), (RmsProp.Ranges[1], v => Optimizer.RmsProp(epsilon: v)),
            (RmsProp.Ranges[2], v => Optimizer.RmsProp(momentum: v)), (RmsProp.Ranges[3], v => Optimizer.RmsProp(weightDecay: v)),
        })
        {
            foreach (float value in IllegalValues.Of(range))
            {
                var error = Assert.Throws<ArgumentException>(() => create(value), $"{range.Option} {value}");
                StringAssert.Contains(error.Message, $".{range.Option} must be {range.Describe()}, but was ");
            }
        }
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
    [DataRow("lion", 0, "'lion' is not known")]
    [DataRow("adm", 0, "did you mean 'adam'?")]
    [DataRow("adam:momentum=0.9", 5, "'momentum' is not an option here")]
    [DataRow("sgd:momentum", 4, "'momentum' is one argument too many")]
    [DataRow("sgd:momentum=0.9,momentum=0.8", 17, "'momentum' is not an option here, or was given twice")]
    [DataRow("sgd:momentum=high", 13, "'high' is not a number")]
    [DataRow("sgd:momentum=0.9,nesterov=2", 26, "nesterov must be true or false")]
    [DataRow("sgd:nesterov=true", 0, "nesterov needs momentum")]
    [DataRow("", 0, "a name is missing")]
    public void SaysWhatIsWrongWithATextAndWhere(string text, int position, string problem)
    {
        var error = Assert.Throws<SettingFormatException>(() => Optimizer.Parse(text));

        Assert.AreEqual(position, error.Position);
        StringAssert.Contains(error.Message, problem);
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

        Assert.AreEqual(0, Allocation.Of(() =>
        {
            for (int i = 0; i < 10; i++) optimizer.Step(parameters, state, learningRate: 0.1f);
        }));
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
    [DataRow("sgd:momentum=0.5,nesterov=true", 1 - (0.05 * (2 + (0.5 * 2))))]
    [DataRow("adam", 1 - 0.05)]
    [DataRow("adamw:decay=0.5", (1 * (1 - (0.05 * 0.5))) - 0.05)]
    [DataRow("rmsprop:alpha=0.75", 1 - (0.05 * 2 / (0.5 * 2)))]
    [DataRow("rmsprop:alpha=0.75,decay=0.5,decoupled=true", (1 * (1 - (0.05 * 0.5))) - (0.05 * 2 / (0.5 * 2)))]
    [DataRow("sgd:momentum=0.9,decay=0.5,decoupled=true", (1 * (1 - (0.05 * 0.5))) - (0.05 * 2))]
    [DataRow("adagrad", 1 - 0.05)]
    [DataRow("adagrad:eps=2", 1 - (0.05 * 2 / (2 + 2)))]
    [DataRow("adagrad:decay=0.5,decoupled=true", (1 * (1 - (0.05 * 0.5))) - 0.05)]
    [DataRow("sign:0.5", 1 - (0.05 * 0.5))]
    public void TheFirstStepFromValue1Gradient2Rate005AsWorkedByHand(string text, double expected)
    {
        var parameters = new ParameterSet([new("w", 0, ParameterRole.Input, 1, 1)]);
        parameters.Values[0] = 1f;
        parameters.Gradients[0] = 2f;
        Optimizer optimizer = Optimizer.Parse(text);

        optimizer.Step(parameters, optimizer.CreateState(parameters), learningRate: 0.05f);

        Near.AssertRelative(expected, parameters.Values[0], 1e-6, text);
    }

    [TestMethod]
    public void DecoupledDecayDoesNotEnterTheMomentum()
    {
        // With momentum, coupled decay is carried on by it: both forms differ from the second step on.
        double value = 1, coupled = 1, momentum = 0, coupledMomentum = 0;
        ParameterSet parameters = new([new("w", 0, ParameterRole.Input, 1, 1)]), other = new([new("w", 0, ParameterRole.Input, 1, 1)]);
        (parameters.Values[0], other.Values[0]) = (1, 1);
        Optimizer decoupled = Optimizer.Sgd(0.9f, 0.5f, decoupled: true), usual = Optimizer.Sgd(0.9f, 0.5f);
        OptimizerState state = decoupled.CreateState(parameters), otherState = usual.CreateState(other);
        for (int step = 0; step < 12; step++)
        {
            double g = 1 + Math.Sin(step);
            (parameters.Gradients[0], other.Gradients[0]) = ((float)g, (float)g);
            momentum = (0.9f * momentum) + (float)g;
            value = (value * (1 - (0.05f * 0.5f))) - (0.05f * momentum);
            coupledMomentum = (0.9f * coupledMomentum) + (float)g + (0.5f * coupled);
            coupled -= 0.05f * coupledMomentum;
            decoupled.Step(parameters, state, 0.05f);
            usual.Step(other, otherState, 0.05f);
            Near.AssertRelative(value, parameters.Values[0], 1e-5, $"decoupled, step {step}");
            Near.AssertRelative(coupled, other.Values[0], 1e-5, $"coupled, step {step}");
        }

        Assert.IsGreaterThan(0.1, Math.Abs(value - coupled));
    }

    [TestMethod]
    public void AdagradDividesByTheRootOfAllSquares()
    {
        double value = 1, squares = 0;
        ParameterSet parameters = new([new("w", 0, ParameterRole.Input, 1, 1)]);
        parameters.Values[0] = 1;
        Optimizer optimizer = Optimizer.Adagrad(1e-3f, weightDecay: 0.1f);
        OptimizerState state = optimizer.CreateState(parameters);
        for (int step = 0; step < 12; step++)
        {
            float gradient = (float)Math.Cos(step);
            parameters.Gradients[0] = gradient;
            double g = (0.5 * gradient) + (0.1f * value);
            squares += g * g;
            value -= 0.05f * g / (Math.Sqrt(squares) + 1e-3f);
            optimizer.Step(parameters, state, 0.05f, gradientScale: 0.5f);
            Near.AssertRelative(value, parameters.Values[0], 1e-6, $"step {step}");
        }
    }

    [TestMethod]
    public void ACustomOptimizerTrainsAndResumes()
    {
        TrainingOptions options = Training.Fit.Options with { Optimizer = Optimizer.Parse("sign:0.01") };
        using var whole = new Training.Fit(options);
        whole.Loop.Run();
        using var stopped = new Training.Fit(options);
        using var cancellation = new CancellationTokenSource();
        stopped.Loop.Run(new StepRecorder(report =>
        {
            if (report.Step == 6) cancellation.Cancel();
        }), cancellation.Token);
        using var stream = new MemoryStream();
        stopped.Loop.Save(stream);
        stream.Position = 0;
        using var resumed = new Training.Fit(options, initialSeed: 99);
        resumed.Loop.Resume(stream);
        resumed.Loop.Run();
        Near.AssertSameBits(whole.Weights, resumed.Weights, "weights");
        Near.AssertSameBits(whole.Weights, Training.Fit.Run(options, threads: 3), "weights on 3 threads");
    }

    [TestMethod]
    [DataRow("adam", "An optimizer named 'adam' already exists.")]
    [DataRow("Sign", "An optimizer's name consists of lowercase letters")]
    public void ANameThatIsTakenOrIllegalIsRefused(string name, string problem) =>
        StringAssert.Contains(Assert.Throws<ArgumentException>(() => Optimizer.Register(name, name, _ => Optimizer.Adam())).Message, problem);

    [TestMethod]
    public void AnErrorOfACustomOptimizerPointsAtItsName() =>
        StringAssert.Contains(Assert.Throws<SettingFormatException>(() => Optimizer.Parse("sign:x")).Message, "'x'");

    /// <summary>Moves every weight by the same length against the sign of its gradient, and keeps how often it was positive.</summary>
    private sealed class SignSgd(float length) : Optimizer
    {
        private static readonly Lock s_lock = new();
        private static bool s_registered;

        protected override int StateVectors => 1;

        public override string ToString() => FormattableString.Invariant($"sign:{length}");

        protected override void Update(in OptimizerUpdate update)
        {
            Span<float> positive = update.State(0);
            for (int i = 0; i < update.Values.Length; i++)
            {
                if (update.Gradients[i] > 0) positive[i]++;
                update.Values[i] -= update.LearningRate * length * MathF.Sign(update.Gradients[i]);
            }
        }

        public static void Register()
        {
            lock (s_lock)
            {
                if (!s_registered) Register("sign", "sign:LENGTH", text => new SignSgd(float.Parse(text, System.Globalization.CultureInfo.InvariantCulture)));
                s_registered = true;
            }
        }
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
