using Microsoft.ML.Model.OnnxConverter;
using MlnetClip.Scoring;

namespace MlnetClip.MLNetInternals;

/// <summary>Sets the attributes of a node.</summary>
/// <param name="node">The node.</param>
internal sealed class OnnxOperationNode(OnnxOperation node) : OnnxNode
{
    public override void AddAttribute(string argName, double value) => Add(argName, (float)value);

    public override void AddAttribute(string argName, long value) => Add(argName, value);

    public override void AddAttribute(string argName, ReadOnlyMemory<char> value) => Add(argName, value.ToString());

    public override void AddAttribute(string argName, string value) => Add(argName, value);

    public override void AddAttribute(string argName, bool value) => Add(argName, value ? 1L : 0L);

    public override void AddAttribute(string argName, IEnumerable<double> value) => Add(argName, value.Select(number => (float)number).ToArray());

    public override void AddAttribute(string argName, IEnumerable<float> value) => Add(argName, value.ToArray());

    public override void AddAttribute(string argName, IEnumerable<long> value) => Add(argName, value.ToArray());

    public override void AddAttribute(string argName, IEnumerable<ReadOnlyMemory<char>> value) => Add(argName, value.Select(text => text.ToString()).ToArray());

    public override void AddAttribute(string argName, string[] value) => Add(argName, value);

    public override void AddAttribute(string argName, IEnumerable<string> value) => Add(argName, value.ToArray());

    public override void AddAttribute(string argName, IEnumerable<bool> value) => Add(argName, value.Select(bit => bit ? 1L : 0L).ToArray());

    public override void AddAttribute(string argName, Type t) => Add(argName, t);

    private void Add(string name, object value) => node.Attributes.Add((name, value));
}
