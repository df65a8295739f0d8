using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Contract.Tests.Support;

namespace MLNet.Contract.Tests.Models;

[TestClass]
public sealed class PredictionEngineTests
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly IDataView _data;
    private readonly ITransformer _model;

    public PredictionEngineTests()
    {
        _data = _ml.Data.LoadFromEnumerable(Reading.Three);
        _model = _ml.Transforms.CopyColumns("Copy", "Value").Append(_ml.Transforms.Concatenate("All", "Copy", "Features")).Fit(_data);
    }

    private sealed class Output
    {
        public float Copy { get; set; }

        public float[]? All { get; set; }

        public string? Text { get; set; }

        public float Extra { get; set; } = 42;
    }

    [TestMethod]
    public void One_object_goes_through_the_model_at_a_time()
    {
        using PredictionEngine<Reading, Output> engine = _ml.Model.CreatePredictionEngine<Reading, Output>(_model);
        Output first = engine.Predict(Reading.Three[0]), third = engine.Predict(Reading.Three[2]);
        Assert.AreEqual(1.5f, first.Copy);
        CollectionAssert.AreEqual(new float[] { 1.5f, 1, 2, 3 }, first.All);
        Assert.AreEqual("one", first.Text);
        Assert.AreEqual(-3f, third.Copy);
        CollectionAssert.AreEqual(new float[] { -3, 7, 8, 9 }, third.All);
        Assert.IsNotNull(engine.OutputSchema.GetColumnOrNull("All"));
    }

    [TestMethod]
    public void An_object_of_the_callers_is_filled()
    {
        using PredictionEngine<Reading, Output> engine = _ml.Model.CreatePredictionEngine<Reading, Output>(_model);
        var output = new Output();
        Output same = output;
        engine.Predict(Reading.Three[0], ref output);
        Assert.AreSame(same, output);
        Assert.AreEqual(1.5f, output.Copy);
    }

    [TestMethod]
    public void Missing_outputs_are_ignored_unless_wished_otherwise()
    {
        Assert.AreEqual(42, _ml.Model.CreatePredictionEngine<Reading, Output>(_model).Predict(Reading.Three[0]).Extra);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Model.CreatePredictionEngine<Reading, Output>(_model, ignoreMissingColumns: false));
    }

    [TestMethod]
    public void The_input_schema_of_a_model_serves_as_definition()
    {
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Model.CreatePredictionEngine<Reading, Output>(_model, _data.Schema));
        using PredictionEngine<Reading, Reading> engine = _ml.Model.CreatePredictionEngine<Reading, Reading>(_model, _data.Schema);
        Assert.AreEqual(-3, engine.Predict(Reading.Three[2]).Value);
    }

    [TestMethod]
    public void A_model_that_looks_beyond_the_row_is_refused()
    {
        ArgumentOutOfRangeException exception = Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => _ml.Model.CreatePredictionEngine<Reading, Output>(new PassThrough { IsRowToRowMapper = false }));
        Assert.Contains("Must be a row to row mapper", exception.Message);
        Assert.ThrowsExactly<ArgumentNullException>(() => _ml.Model.CreatePredictionEngine<Reading, Output>(null));
    }

    [TestMethod]
    public void An_input_that_the_model_needs_must_be_there() =>
        Assert.Contains("Could not find input column 'Features'",
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Model.CreatePredictionEngine<Number, Output>(_model)).Message);

    [TestMethod]
    public void Nothing_cannot_be_predicted_from() =>
        Assert.ThrowsExactly<ArgumentNullException>(() => _ml.Model.CreatePredictionEngine<Reading, Output>(_model).Predict(null!));
}
