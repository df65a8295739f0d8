using MlnetClip.Parameters;

namespace MlnetClip.Core.Tests.Parameters;

[TestClass]
public sealed class ParameterSetTests
{
    private static readonly ParameterSet Set = new(
    [
        new("weight", Layer: 0, ParameterRole.Input, Rows: 2, Columns: 3),
        new("bias", Layer: 0, ParameterRole.Bias, Rows: 2, Columns: 1, IsBias: true),
    ]);

    [TestMethod]
    public void ParametersLieInOrderAndWithoutGaps()
    {
        Assert.AreEqual(8, Set.Length);
        Assert.AreEqual(0, Set["weight"].Offset);
        Assert.AreEqual(6, Set["bias"].Offset);
    }

    [TestMethod]
    [DataRow(0, "weight")]
    [DataRow(5, "weight")]
    [DataRow(6, "bias")]
    [DataRow(7, "bias")]
    public void FindNamesTheParameterOfAnElement(int element, string name) => Assert.AreEqual(name, Set.Find(element).Name);

    [TestMethod]
    public void AnUnknownNameIsAnsweredWithThoseThereAre()
    {
        var error = Assert.ThrowsExactly<KeyNotFoundException>(() => Set["wieght"]);
        StringAssert.Contains(error.Message, "weight, bias");
    }
}
