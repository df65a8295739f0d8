using Microsoft.ML.Data;
using Microsoft.ML.Model.OnnxConverter;
using MlnetClip.Scoring;

namespace MlnetClip.MLNetInternals;

/// <summary>
/// Writes steps into an <see cref="OnnxModel"/> through the context that all of Microsoft.ML's steps write to, so that our export and <c>ConvertToOnnx</c> share
/// the code that describes a step.
/// </summary>
/// <param name="model">Receives nodes and constants.</param>
internal sealed class OnnxModelContext(OnnxModel model) : OnnxContext
{
    private readonly Dictionary<string, string> _columns = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<long>> _shapes = new(StringComparer.Ordinal);
    private readonly HashSet<string> _variables = new(StringComparer.Ordinal), _nodes = new(StringComparer.Ordinal);

    /// <summary>The columns that have been written so far, and the value of each.</summary>
    public IReadOnlyDictionary<string, string> Columns => _columns;

    /// <summary>What is known of columns that are missing, by name.</summary>
    public Dictionary<string, string> Missing { get; } = new(StringComparer.Ordinal);

    /// <summary>Declares an input.</summary>
    /// <returns>Its value, which is named as the column where no other one is.</returns>
    public string AddInput(string column, Type element, string meaning, params ReadOnlySpan<OnnxSize> shape)
    {
        string name = Unique(_variables, column);
        _columns[column] = name;
        _shapes[name] = [.. shape.ToArray().Select(size => size.Size)];
        model.Inputs.Add(new OnnxValue(name, element, shape.ToArray(), meaning));
        return name;
    }

    public override string GetNodeName(string prefix) => Unique(_nodes, prefix);

    public override bool IsVariableDefined(string variableName) => _variables.Contains(variableName);

    public override bool ContainsColumn(string colName) => _columns.ContainsKey(colName);

    public override void CheckOpSetVersion(int thisTransformerMinumumOpSetVersion, string registerTransformerName)
    {
        if (thisTransformerMinumumOpSetVersion > OnnxModel.OperatorSet)
            throw new NotSupportedException($"{registerTransformerName} needs operator set {thisTransformerMinumumOpSetVersion}, but models are written in operator set {OnnxModel.OperatorSet}.");
    }

    public override void RemoveColumn(string colName, bool removeVariable = false) => _columns.Remove(colName);

    public override void RemoveVariable(string variableName, bool removeColumn)
    {
        foreach (string column in _columns.Where(pair => pair.Value == variableName).Select(pair => pair.Key).ToArray()) _columns.Remove(column);
    }

    /// <summary>The input stays declared; <see cref="OnnxModel.Prune"/> removes it where nothing reads it.</summary>
    public override void RemoveInputVariable(string variableName) => _columns.Remove(variableName);

    public override string GetVariableName(string colName) => _columns.TryGetValue(colName, out string? value) ? value : throw new MissingColumnException(colName);

    public override string AddIntermediateVariable(DataViewType type, string colName, bool skip = false)
    {
        string name = AddValue(colName);
        if (!skip) _shapes[name] = [-1, .. OnnxTypes.Sizes(type).Select(size => size.Size)];
        return name;
    }

    public override OnnxNode CreateNode(string opType, IEnumerable<string> inputs, IEnumerable<string> outputs, string name, string? domain = null)
    {
        var node = new OnnxOperation(opType, domain ?? "ai.onnx.ml", name, [.. inputs], [.. outputs]);
        model.Nodes.Add(node);
        return new OnnxOperationNode(node);
    }

    public override OnnxVersion GetOnnxVersion() => OnnxVersion.Stable;

    public override List<long>? RetrieveShapeOrNull(string variableName) => _shapes.GetValueOrDefault(variableName);

    public override string AddInitializer(bool value, string? name = null, bool makeUniqueName = true) => Add(name ?? "bool", typeof(bool), new[] { value }, null);

    public override string AddInitializer(float value, string? name = null, bool makeUniqueName = true) => Add(name ?? "float", typeof(float), new[] { value }, null);

    public override string AddInitializer(int value, Type type, string? name = null, bool makeUniqueName = true) => Add(name ?? "int32", type, OnnxTypes.Convert([value], type), null);

    public override string AddInitializer(string value, string? name = null, bool makeUniqueName = true) => Add(name ?? "string", typeof(string), new[] { value }, null);

    public override string AddInitializer(long value, string? name = null, bool makeUniqueName = true) => Add(name ?? "int64", typeof(long), new[] { value }, null);

    public override string AddInitializer(double value, string? name = null, bool makeUniqueName = true) => Add(name ?? "double", typeof(double), new[] { value }, null);

    public override string AddInitializer(ulong value, bool isUint64, string? name = null, bool makeUniqueName = true) =>
        AddInitializer([value], isUint64, null!, name, makeUniqueName);

    public override string AddInitializer(IEnumerable<bool> values, IEnumerable<long> dims, string? name = null, bool makeUniqueName = true) =>
        Add(name ?? "bools", typeof(bool), values.ToArray(), dims);

    public override string AddInitializer(IEnumerable<float> values, IEnumerable<long> dims, string? name = null, bool makeUniqueName = true) =>
        Add(name ?? "floats", typeof(float), values.ToArray(), dims);

    public override string AddInitializer(IEnumerable<int> values, Type type, IEnumerable<long> dims, string? name = null, bool makeUniqueName = true) =>
        Add(name ?? "int32s", type, OnnxTypes.Convert([.. values], type), dims);

    public override string AddInitializer(IEnumerable<string> values, IEnumerable<long> dims, string? name = null, bool makeUniqueName = true) =>
        Add(name ?? "strings", typeof(string), values.ToArray(), dims);

    public override string AddInitializer(IEnumerable<long> values, IEnumerable<long> dims, string? name = null, bool makeUniqueName = true) =>
        Add(name ?? "int64s", typeof(long), values.ToArray(), dims);

    public override string AddInitializer(IEnumerable<double> values, IEnumerable<long> dims, string? name = null, bool makeUniqueName = true) =>
        Add(name ?? "doubles", typeof(double), values.ToArray(), dims);

    public override string AddInitializer(IEnumerable<ulong> values, bool isUint64, IEnumerable<long> dims, string? name = null, bool makeUniqueName = true) =>
        isUint64 ? Add(name ?? "uint64s", typeof(ulong), values.ToArray(), dims) : Add(name ?? "uint32s", typeof(uint), values.Select(value => (uint)value).ToArray(), dims);

    private string Add(string name, Type element, Array values, IEnumerable<long>? dims)
    {
        string value = Unique(_variables, name);
        model.Constants.Add(new OnnxConstant(value, element, values, dims is null ? [] : [.. dims]));
        return value;
    }

    /// <summary>A new value, which is that of the column of its name from now on.</summary>
    private string AddValue(string column) => _columns[column] = Unique(_variables, column);

    private static string Unique(HashSet<string> used, string name)
    {
        string unique = name;
        for (int number = 1; !used.Add(unique); number++) unique = $"{name}_{number}";
        return unique;
    }
}

/// <summary>A step reads a column that no step before it wrote.</summary>
internal sealed class MissingColumnException(string column) : Exception($"Column '{column}' is not in the ONNX model.")
{
    /// <summary>The column.</summary>
    public string Column => column;
}
