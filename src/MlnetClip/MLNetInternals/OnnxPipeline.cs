using System.Runtime.CompilerServices;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Model.OnnxConverter;
using Microsoft.ML.Runtime;
using MlnetClip.Scoring;

namespace MlnetClip.MLNetInternals;

/// <summary>
/// Writes the steps of a pipeline of row mappers as one ONNX model, from the columns that it reads to those of its network and of the steps after it. A step that
/// cannot be written is an error only where an output depends on it: a pipeline may prepare labels, which a prediction does not read. Where rows are made into sequences, the model begins after that
/// step and reads sequences: a row of an ONNX model cannot be made of several.
/// </summary>
internal sealed class OnnxPipeline
{
    private const string Unwritten = "cannot be written as ONNX";
    private readonly OnnxModel _model = new();
    private readonly OnnxModelContext _context;
    private readonly Dictionary<string, string> _meanings = new(StringComparer.Ordinal);

    private OnnxPipeline() => _context = new OnnxModelContext(_model);

    /// <summary>Writes a pipeline.</summary>
    /// <param name="environment">The environment.</param>
    /// <param name="steps">Its transformers, see <see cref="ChainSteps"/>.</param>
    /// <param name="inputSchema">The columns of the rows that it is applied to.</param>
    /// <exception cref="NotSupportedException">An output depends on a step that cannot be written; the message names step, column and reason.</exception>
    public static OnnxModel Write(IHostEnvironment environment, IReadOnlyList<ITransformer> steps, DataViewSchema inputSchema)
    {
        var pipeline = new OnnxPipeline();
        pipeline.Run(environment, steps, inputSchema);
        return pipeline._model;
    }

    /// <summary>A step in words, for example <c>step 2, NormalizingTransformer</c>.</summary>
    public static string Describe(IReadOnlyList<ITransformer> steps, int index) => $"step {index + 1}, {NameOf(steps[index])}";

    /// <summary>The name of a transformer's type, as users know it.</summary>
    public static string NameOf(ITransformer step) => step is LstmPredictionTransformer ? nameof(LstmPredictionTransformer)
        : step.GetType() is { DeclaringType: { } outer } inner ? $"{outer.Name}.{inner.Name}" : step.GetType().Name;

    private void Run(IHostEnvironment environment, IReadOnlyList<ITransformer> steps, DataViewSchema inputSchema)
    {
        int first = FirstAfterGrouping(steps);
        IDataView view = new EmptyDataView(environment, inputSchema);
        for (int i = 0; i < first; i++) view = steps[i].Transform(view);
        if (first > 0) view = new EmptyDataView(environment, view.Schema);
        string source = first > 0 ? $", as {Describe(steps, first - 1)}, makes it" : "";
        foreach (DataViewSchema.Column column in view.Schema)
        {
            if (column.IsHidden) continue;
            if (OnnxTypes.ElementOf(column.Type) is { } element) _context.AddInput(column.Name, element, "", [OnnxSize.Rows, .. OnnxTypes.Sizes(column.Type)]);
            else _context.Missing[column.Name] = $"it is of type {column.Type}, which ONNX does not have";
        }

        var made = new HashSet<string>(StringComparer.Ordinal);
        bool predicts = false;
        for (int i = first; i < steps.Count; i++)
        {
            IDataView next = steps[i].Transform(view);
            string[] columns = [.. NewColumns(view.Schema, next.Schema)];
            var predictor = steps[i] as LstmPredictionTransformer;
            predicts |= predictor is not null;
            if (predictor is not null) DescribeInput(predictor, view.Schema, source);
            WriteStep(Describe(steps, i), columns, view, next);
            foreach (string column in columns) _meanings.Remove(column);
            if (predictor is not null) DescribeOutputs(predictor);
            if (predicts) made.UnionWith(columns);
            view = next;
        }

        foreach (DataViewSchema.Column column in view.Schema)
            if (!column.IsHidden && made.Contains(column.Name)) AddOutput(column);
        _model.Prune();
    }

    /// <summary>The step after the last one that makes rows into sequences; 0 where there is none.</summary>
    private static int FirstAfterGrouping(IReadOnlyList<ITransformer> steps)
    {
        for (int i = steps.Count - 1; i >= 0; i--)
            if (steps[i] is RowsToSequencesTransformer) return i + 1;
        return 0;
    }

    /// <summary>Says what the column of sequences holds, where it is an input itself.</summary>
    private void DescribeInput(LstmPredictionTransformer predictor, DataViewSchema schema, string source)
    {
        string name = predictor.FeatureColumnName;
        int at = _context.Columns.GetValueOrDefault(name) == name ? _model.Inputs.FindIndex(input => input.Name == name) : -1;
        if (at < 0) return;
        int perStep = predictor.Model.Input.PerStep, steps = ((VectorDataViewType)schema[name].Type).Size / perStep;
        string kind = predictor.Model.Input.HasKeys ? "key" : "feature";
        _model.Inputs[at] = _model.Inputs[at] with
        {
            Meaning = $"a sequence{(steps > 0 ? $" of {steps} time step{(steps == 1 ? "" : "s")}" : "")}, with {perStep} {kind}{(perStep == 1 ? "" : "s")} of each time step after the other{source}",
        };
    }

    private void DescribeOutputs(LstmPredictionTransformer predictor)
    {
        DataViewSchema.DetachedColumn[] columns = predictor.Model.Task.Columns(scoreColumnSet: 0, steps: 0);
        for (int i = 0; i < columns.Length; i++) _meanings[columns[i].Name] = predictor.Model.Task.Meanings[i];
    }

    private void WriteStep(string step, string[] columns, IDataView source, IDataView result)
    {
        var before = columns.ToDictionary(name => name, name => _context.Columns.GetValueOrDefault(name));
        string? problem = Problem(source, result);
        foreach (string name in columns)
        {
            bool isWritten = problem is null && _context.Columns.TryGetValue(name, out string? value) && value != before[name];
            if (isWritten)
            {
                _context.Missing.Remove(name);
                continue;
            }

            _context.RemoveColumn(name);
            _context.Missing[name] = $"{step}, which makes it, {problem ?? MissingInput(result, name) ?? Unwritten}";
        }
    }

    /// <summary>Writes the views of a step; returns what follows the step's name in an error, or null.</summary>
    private string? Problem(IDataView source, IDataView result)
    {
        var views = new Stack<ITransformCanSaveOnnx>();
        for (IDataView view = result; !ReferenceEquals(view, source); view = ((IDataTransform)view).Source)
        {
            if (view is not ITransformCanSaveOnnx step || !step.CanSaveOnnx(_context)) return ReferenceEquals(view, result) ? Unwritten : $"{Unwritten}: its {PartOf(view)} cannot";
            views.Push(step);
        }

        try
        {
            foreach (ITransformCanSaveOnnx view in views) view.SaveAsOnnx(_context);
            return null;
        }
        catch (MissingColumnException e)
        {
            return Reads(e.Column);
        }
    }

    /// <summary>Some steps leave out columns whose input is missing without an error: which input that is; null where it is none.</summary>
    private string? MissingInput(IDataView result, string column)
    {
        if (result is not IRowToRowMapper mapper || mapper.OutputSchema.GetColumnOrNull(column) is not { } output) return null;
        foreach (DataViewSchema.Column input in mapper.GetDependencies([output]))
            if (_context.Missing.ContainsKey(input.Name)) return Reads(input.Name);
        return null;
    }

    private string Reads(string column) => $"reads column '{column}', and {_context.Missing.GetValueOrDefault(column) ?? "no step makes that"}";

    /// <summary>The name of a part of a step that consists of several.</summary>
    private static string PartOf(IDataView view) => view is RowToRowMapperTransform mapped ? NameOf(MapperOf(mapped).GetTransformer()) : view.GetType().Name;

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_mapper")]
    private static extern ref IRowMapper MapperOf(RowToRowMapperTransform view);

    private void AddOutput(DataViewSchema.Column column)
    {
        if (!_context.Columns.TryGetValue(column.Name, out string? value))
        {
            string reason = _context.Missing.GetValueOrDefault(column.Name) ?? "no step makes it";
            throw new NotSupportedException(
                $"The pipeline cannot be exported as ONNX, because it cannot compute column '{column.Name}': {reason}.{Environment.NewLine}"
                + "Hint: leave that step out, and give the exported model its result.");
        }

        string name = column.Name;
        if (value != name)
        {
            // The name is taken, by an input for example.
            name = _context.IsVariableDefined($"{name}.output") ? $"{name}.output_1" : $"{name}.output";
            _model.Nodes.Add(new OnnxOperation("Identity", "", _context.GetNodeName("Identity"), [value], [name]));
        }

        _model.Outputs.Add(new OnnxValue(name, OnnxTypes.ElementOf(column.Type)!, [OnnxSize.Rows, .. OnnxTypes.Sizes(column.Type)], _meanings.GetValueOrDefault(column.Name, "")));
    }

    /// <summary>The columns that a step made: where it replaces one, the old one is still there, hidden.</summary>
    private static IEnumerable<string> NewColumns(DataViewSchema before, DataViewSchema after)
    {
        Dictionary<string, int> old = before.CountBy(column => column.Name).ToDictionary();
        return after.CountBy(column => column.Name).Where(name => name.Value > old.GetValueOrDefault(name.Key)).Select(name => name.Key);
    }
}
