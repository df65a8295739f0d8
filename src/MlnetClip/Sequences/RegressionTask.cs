using Microsoft.ML;
using Microsoft.ML.Data;
using MlnetClip.MLNetInternals;

namespace MlnetClip.Sequences;

/// <summary>A number: the head's output is standardized, and the score is in the label's unit.</summary>
/// <param name="mean">The mean of the training labels.</param>
/// <param name="scale">Their standard deviation, above 0.</param>
internal sealed class RegressionTask(double mean, double scale) : SequenceTask
{
    /// <summary>The kind of its score columns.</summary>
    public const string Name = "Regression";

    /// <inheritdoc/>
    public override string Kind => Name;

    /// <inheritdoc/>
    public override int Outputs => 1;

    /// <summary>The mean of the training labels.</summary>
    public double Mean => mean;

    /// <summary>Their standard deviation, above 0.</summary>
    public double Scale => scale;

    /// <inheritdoc/>
    public override ReadOnlySpan<double> Numbers => new double[] { mean, scale };

    /// <inheritdoc/>
    public override bool CanStartFrom(SequenceTask other) => other is RegressionTask;

    /// <summary>From the label's unit to the network's.</summary>
    public float ToNetwork(float label) => (float)((label - mean) / scale);

    /// <inheritdoc/>
    public override DataViewSchema.DetachedColumn[] Columns(uint scoreColumnSet, int steps) => [Column(AnnotationNames.Score, NumberDataViewType.Single, scoreColumnSet)];

    /// <inheritdoc/>
    public override Delegate[] CreateGetters(RowOutputs outputs)
    {
        ValueGetter<float> score = (ref float destination) => destination = (float)(mean + (outputs.Values[0] * scale));
        return [score];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Meanings => ["the prediction of the label"];

    /// <inheritdoc/>
    public override void WriteOnnx(OnnxGraph graph, string outputs, DataViewSchema.DetachedColumn[] columns)
    {
        string exact = graph.Node("Cast", [outputs], ("to", typeof(double)));
        string scaled = graph.Node("Mul", [exact, graph.Constant("label.scale", [scale], 1)]);
        string score = graph.Node("Add", [scaled, graph.Constant("label.mean", [mean], 1)]);
        graph.Column(columns[0].Name, columns[0].Type, "Cast", [score], ("to", typeof(float)));
    }
}
