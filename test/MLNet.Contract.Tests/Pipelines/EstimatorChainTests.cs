using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Contract.Tests.Support;

namespace MLNet.Contract.Tests.Pipelines;

[TestClass]
public sealed class EstimatorChainTests
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly IDataView _data;

    public EstimatorChainTests() => _data = _ml.Data.LoadFromEnumerable(Reading.Three);

    [TestMethod]
    public void Each_estimator_is_fitted_on_the_output_of_those_before_it()
    {
        var recorder = new Recorder();
        TransformerChain<PassThrough> model = _ml.Transforms.CopyColumns("a", "Value").Append(recorder).Fit(_data);
        Assert.IsNotNull(recorder.Fitted.Single().Schema.GetColumnOrNull("a"));
        Assert.IsNotNull(model.LastTransformer);
        Assert.HasCount(2, model);
    }

    [TestMethod]
    public void The_schema_of_the_whole_chain_is_checked_before_the_first_fit()
    {
        var first = new Recorder();
        var second = new Recorder(new InvalidDataException("refused"));
        Assert.AreEqual("refused", Assert.ThrowsExactly<InvalidDataException>(() => first.Append(second).Fit(_data)).Message);
        Assert.HasCount(1, first.Shapes);
        Assert.IsEmpty(first.Fitted);
    }

    [TestMethod]
    public void A_chain_is_never_changed_by_what_is_appended()
    {
        EstimatorChain<PassThrough> one = new EstimatorChain<ITransformer>().Append(new Recorder());
        EstimatorChain<PassThrough> two = one.Append(new Recorder());
        Assert.HasCount(1, one.Fit(_data));
        Assert.HasCount(2, two.Fit(_data));
        Assert.HasCount(2, two.Fit(_data));
    }

    [TestMethod]
    public void An_empty_chain_changes_nothing()
    {
        var chain = new EstimatorChain<ITransformer>();
        Assert.IsNull(chain.LastEstimator);
        TransformerChain<ITransformer> model = chain.Fit(_data);
        Assert.IsNull(model.LastTransformer);
        Assert.AreSame(_data, model.Transform(_data));
    }

    [TestMethod]
    public void Nothing_cannot_be_appended()
    {
        Assert.ThrowsExactly<ArgumentNullException>(() => new EstimatorChain<ITransformer>().Append<ITransformer>(null));
        Assert.ThrowsExactly<ArgumentNullException>(() => new Recorder().Append<ITransformer>(null));
        Assert.ThrowsExactly<ArgumentNullException>(() => ((IEstimator<ITransformer>)null!).Append(new Recorder()));
    }

    [TestMethod]
    public void The_last_estimator_is_remembered()
    {
        var recorder = new Recorder();
        Assert.AreSame(recorder, new Recorder().Append(recorder).LastEstimator);
    }

    [TestMethod]
    public void A_cache_point_makes_later_estimators_read_a_cache()
    {
        var recorder = new Recorder();
        TransformerChain<PassThrough> model = _ml.Transforms.CopyColumns("a", "Value").AppendCacheCheckpoint(_ml).Append(recorder).Fit(_data);
        Assert.IsTrue(recorder.Fitted.Single().CanShuffle, "A cache can be shuffled; the source cannot.");
        CollectionAssert.AreEqual(_data.GetColumn<float>("Value").ToArray(), recorder.Fitted.Single().GetColumn<float>("a").ToArray());
        Assert.HasCount(2, model);
    }

    [TestMethod]
    public void An_empty_chain_has_no_place_for_a_cache()
    {
        InvalidOperationException exception = Assert.ThrowsExactly<InvalidOperationException>(() => new EstimatorChain<ITransformer>().AppendCacheCheckpoint(_ml));
        Assert.AreEqual("Current estimator chain has no estimator, can't append cache checkpoint.", exception.Message);
    }

    [TestMethod]
    public void What_was_learned_is_handed_out_when_wished()
    {
        PassThrough? learned = null;
        TransformerChain<ITransformer> model = new EstimatorChain<ITransformer>()
            .Append(new Recorder().WithOnFitDelegate(t => learned = t)).Append((IEstimator<ITransformer>)_ml.Transforms.CopyColumns("a", "Value")).Fit(_data);
        Assert.AreSame(learned, model.First());
    }

    [TestMethod]
    public void A_scope_decides_when_a_transformer_takes_part()
    {
        TransformerChain<ITransformer> model = new EstimatorChain<ITransformer>()
            .Append((IEstimator<ITransformer>)_ml.Transforms.CopyColumns("always", "Value"))
            .Append((IEstimator<ITransformer>)_ml.Transforms.CopyColumns("training", "Value"), TransformerScope.TrainTest).Fit(_data);
        Assert.IsNull(model.Transform(_data).Schema.GetColumnOrNull("training"));
        Assert.IsNotNull(model.Transform(_data, TransformerScope.Everything).Schema.GetColumnOrNull("training"));
        Assert.IsNotNull(model.GetOutputSchema(_data.Schema, TransformerScope.Testing).GetColumnOrNull("training"));
        Assert.HasCount(1, model.GetModelFor(TransformerScope.Scoring));
    }
}
