using MlnetClip.Data;
using MlnetClip.Kernels;
using MlnetClip.Optimizers;
using MlnetClip.Parameters;
using MlnetClip.TestKit;

namespace MlnetClip.Core.Tests.Optimizers;

/// <summary>Updates shared out to threads give the bits of the optimizer's own step, and allocate nothing.</summary>
[TestClass]
public sealed class OptimizerPassTests
{
    [TestMethod]
    [DataRow("adam:decay=0.1")]
    [DataRow("adamw")]
    [DataRow("sgd:momentum=0.9")]
    [DataRow("rmsprop")]
    [DataRow("adagrad:decay=0.1,decoupled=true")]
    public void GivesTheBitsOfAStepOnOneThread(string text)
    {
        Optimizer optimizer = Optimizer.Parse(text);
        ParameterSet alone = Large(), shared = Large();
        OptimizerState aloneState = optimizer.CreateState(alone), sharedState = optimizer.CreateState(shared);
        using var team = new ThreadTeam(3);
        var pass = new OptimizerPass(optimizer, shared, sharedState, team);
        for (int step = 0; step < 3; step++)
        {
            optimizer.Step(alone, aloneState, 0.01f, 0.5f);
            pass.Step(0.01f, 0.5f);
        }

        Near.AssertSameBits(alone.Values, shared.Values, "values");
        Assert.AreEqual(aloneState.Updates, sharedState.Updates);
        Assert.AreEqual(0, Allocation.Of(() => pass.Step(0.01f, 1f)));
    }

    private static ParameterSet Large()
    {
        var parameters = new ParameterSet([new("weight", 0, ParameterRole.Input, 411, 333)]); // several pieces, some one element longer
        var random = new SeededRandom(5);
        foreach (ref float value in parameters.Values) value = random.NextSingle() - 0.5f;
        foreach (ref float value in parameters.Gradients) value = random.NextSingle() - 0.5f;
        return parameters;
    }
}
