using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlnetClip.Tests.MicrosoftML;

/// <summary>Columns of the same name: the last one hides the others. Finding a column by its name relies on this.</summary>
[TestClass]
public sealed class SchemaQuirkTests
{
    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void TheLastColumnOfANameHidesTheOthers()
    {
        IDataView data = ChangedInPlace();
        Assert.AreEqual(3, data.Schema.Count);
        Assert.AreEqual(2, data.Schema["Value"].Index);
        Assert.IsTrue(data.Schema[1].IsHidden);
        Assert.IsInstanceOfType<VectorDataViewType>(data.Schema["Value"].Type);
    }

    [TestMethod]
    public void TheShapeForEstimatorsLeavesHiddenColumnsOut()
    {
        var estimator = new ShapeRecorder();
        new EstimatorChain<ITransformer>().Append(estimator).Fit(ChangedInPlace());
        Assert.AreSequenceEqual(
            new[] { ("Number", SchemaShape.Column.VectorKind.Scalar), ("Value", SchemaShape.Column.VectorKind.Vector) },
            estimator.Shape!.Select(column => (column.Name, column.Kind)).ToArray());
    }

    /// <summary>Number, a hidden scalar Value and the vector Value that hides it.</summary>
    private IDataView ChangedInPlace()
    {
        IDataView data = Forecasts.View(_context, [1, 2]);
        return _context.Transforms.Concatenate("Value", "Value", "Value").Fit(data).Transform(data);
    }

    private sealed class ShapeRecorder : IEstimator<ITransformer>
    {
        public SchemaShape? Shape { get; private set; }

        public ITransformer Fit(IDataView input) => new TransformerChain<ITransformer>();

        public SchemaShape GetOutputSchema(SchemaShape inputSchema) => Shape = inputSchema;
    }
}
