using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Model.OnnxConverter;
using MlnetClip.Scoring;

namespace MlnetClip.MLNetInternals;

/// <summary>Adds nodes and constants to an ONNX model that is being written. Values are named by strings.</summary>
/// <param name="context">The model.</param>
internal sealed class OnnxGraph(OnnxContext context)
{
    /// <summary>The oldest operator set that has every operator that is written.</summary>
    public const int OldestOperatorSet = 11;

    /// <summary>Begins each name of a value, so that none is the name of a column.</summary>
    private const string Prefix = "MlnetClip/";

    /// <summary>Adds to a model of our own export.</summary>
    public static OnnxGraph Of(OnnxModel model) => new(new OnnxModelContext(model));

    /// <summary>Throws unless the model's operator set is new enough.</summary>
    /// <param name="owner">What is written.</param>
    public void CheckOperatorSet(string owner) => context.CheckOpSetVersion(OldestOperatorSet, owner);

    /// <summary>The value of a column.</summary>
    /// <exception cref="InvalidOperationException">No step before wrote the column.</exception>
    public string Column(string name) => context.ContainsColumn(name) || context is OnnxModelContext
        ? context.GetVariableName(name)
        : throw new InvalidOperationException(
            $"Column '{name}' is not in the ONNX model: the step that makes it cannot be exported.{Environment.NewLine}"
            + "Hint: export the pipeline without that step, and give the model its result.");

    /// <summary>Declares an input of our own export.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="element">The .NET type of its elements.</param>
    /// <param name="meaning">What it is, in words.</param>
    /// <param name="shape">Its dimensions after the rows.</param>
    /// <returns>Its value.</returns>
    public string Input(string name, Type element, string meaning, params ReadOnlySpan<long> shape)
    {
        OnnxSize[] sizes = [OnnxSize.Rows, .. shape.ToArray().Select(size => size < 0 ? new OnnxSize(-1, "T") : new OnnxSize(size))];
        return ((OnnxModelContext)context).AddInput(name, element, meaning, sizes);
    }

    /// <summary>Declares an input with the time steps of each sequence of a column, int32 [N].</summary>
    /// <returns>The input; null where all sequences have as many, or where Microsoft.ML's converter writes the model, which takes no further inputs.</returns>
    public string? Lengths(string column, DataViewType type) =>
        context is OnnxModelContext own && type is VectorDataViewType { IsKnownSize: false } ? own.AddInput($"{column}.Steps", typeof(int), $"the time steps of the sequences of {column}", OnnxSize.Rows) : null;

    /// <summary>A constant tensor.</summary>
    public string Constant(string name, ReadOnlySpan<float> values, params long[] shape) => context.AddInitializer(values.ToArray(), shape, Prefix + name);

    /// <summary>A constant tensor.</summary>
    public string Constant(string name, ReadOnlySpan<double> values, params long[] shape) => context.AddInitializer(values.ToArray(), shape, Prefix + name);

    /// <summary>A constant list of integers, of rank 1.</summary>
    public string Integers(string name, params long[] values) => context.AddInitializer(values, [values.Length], Prefix + name);

    /// <summary>A constant integer, of rank 0.</summary>
    public string Scalar(string name, long value) => context.AddInitializer(value, Prefix + name);

    /// <summary>A node with one output.</summary>
    /// <param name="operation">The operator.</param>
    /// <param name="inputs">Its inputs; an empty one is left out.</param>
    /// <param name="attributes">Its attributes: long, double, string, <see cref="Type"/> for an element type, or arrays of long or string.</param>
    /// <returns>The output.</returns>
    public string Node(string operation, string[] inputs, params (string Name, object Value)[] attributes)
    {
        string output = NewValue(operation);
        Add(operation, inputs, [output], attributes);
        return output;
    }

    /// <summary>A node with two outputs, of which one may not be needed.</summary>
    public (string First, string Second) Node(string operation, string[] inputs, bool first, bool second, params (string Name, object Value)[] attributes)
    {
        string one = first ? NewValue(operation) : "", two = second ? NewValue(operation) : "";
        Add(operation, inputs, second ? [one, two] : [one], attributes);
        return (one, two);
    }

    /// <summary>A node whose output is a column of ours.</summary>
    /// <returns>The output, which has the column's name where no input has it.</returns>
    public string Output(string column, DataViewType type, string operation, string[] inputs, params (string Name, object Value)[] attributes)
    {
        string output = context.AddIntermediateVariable(type, column);
        Add(operation, inputs, [output], attributes);
        return output;
    }

    /// <summary>A node whose output is a column.</summary>
    /// <param name="column">The column's name.</param>
    /// <param name="type">Its type.</param>
    /// <param name="operation">The operator.</param>
    /// <param name="inputs">Its inputs.</param>
    /// <param name="attributes">As for the other nodes.</param>
    public void Column(string column, DataViewType type, string operation, string[] inputs, params (string Name, object Value)[] attributes) =>
        Output(column, type, operation, inputs, attributes);

    private string NewValue(string operation) => context.AddIntermediateVariable(null!, Prefix + operation, skip: true);

    private void Add(string operation, string[] inputs, string[] outputs, (string Name, object Value)[] attributes)
    {
        OnnxNode node = context.CreateNode(operation, inputs, outputs, context.GetNodeName(Prefix + operation), operation == "LabelEncoder" ? "ai.onnx.ml" : "");
        foreach ((string name, object value) in attributes)
        {
            switch (value)
            {
                case long number: node.AddAttribute(name, number); break;
                case double number: node.AddAttribute(name, number); break;
                case string text: node.AddAttribute(name, text); break;
                case Type type: node.AddAttribute(name, type); break;
                case long[] numbers: node.AddAttribute(name, (IEnumerable<long>)numbers); break;
                case string[] texts: node.AddAttribute(name, (IEnumerable<string>)texts); break;
                default: throw new ArgumentException($"An attribute cannot be of type {value.GetType()}.", nameof(attributes));
            }
        }
    }
}
