using System.CommandLine;
using System.CommandLine.Parsing;
using MlnetClip.Cli.Models;

namespace MlnetClip.Cli.Arguments;

/// <summary>The options of the weights that training begins with: of a saved model, or of a file of another program.</summary>
internal sealed class StartArguments
{
    private readonly Option<string> _model = Flag.Text(
        "--start-from", "FILE", "a model file: training begins with its weights and keeps its scaling; it must have the same sizes, unless --new-head is given");

    private readonly Option<string> _weights = Flag.Text("--initial-weights", "FILE", "an ONNX or safetensors file: training begins with its weights");

    private readonly Option<IReadOnlyList<TensorName>> _rename = Flag.Setting<IReadOnlyList<TensorName>>(
        "--rename", "TENSOR=PARAMETER", "which parameter each tensor of --initial-weights is for, where its name does not show it, joined by commas: rnn.w_ih=lstm.weight_ih_l0", [], TensorName.Parse);

    private readonly Option<bool> _newHead = Flag.Switch(
        "--new-head", "takes only the recurrent layers of --start-from or --initial-weights, and begins with a random head: for another horizon, other targets or classes, or another task");

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { _model, _weights, _rename, _newHead }) command.Options.Add(option);
        command.Validators.Add(result =>
        {
            TuneArguments.CheckOne(result, _model, _weights);
            if (result.GetValue(_newHead) && !IsGiven(result)) result.AddError("--new-head needs --start-from FILE or --initial-weights FILE.");
            if (result.GetResult(_rename) is { Implicit: false } && result.GetValue(_weights) is null) result.AddError("--rename needs --initial-weights FILE, whose tensors it names.");
            if (result.GetValue(_weights) is { } path && StartingWeights.FormatOf(path) is null)
                result.AddError($"--initial-weights must be a file whose name ends with .onnx or .safetensors, but was '{path}'.\nHint: --start-from reads model files of mlnetclip.");
        });
    }

    /// <summary>Whether training begins with given weights, the head's among them.</summary>
    public bool IsWhole(CommandResult result) => IsGiven(result) && !result.GetValue(_newHead);

    /// <summary>The files that are read.</summary>
    public string[] Inputs(ParseResult arguments) => [.. new[] { arguments.GetValue(_model), arguments.GetValue(_weights) }.OfType<string>()];

    /// <summary>Reads the weights.</summary>
    /// <exception cref="InputException">The file cannot be read, or holds no weights.</exception>
    public StartingWeights Read(ParseResult arguments)
    {
        bool newHead = arguments.GetValue(_newHead);
        return arguments.GetValue(_model) is { } model ? StartingWeights.OfModel(model, newHead)
            : arguments.GetValue(_weights) is { } weights ? StartingWeights.OfFile(weights, newHead, arguments.GetValue(_rename) ?? [])
            : StartingWeights.None;
    }

    /// <summary>Metadata with these options.</summary>
    public ModelMetadata AddTo(ModelMetadata metadata, ParseResult arguments) => metadata with
    {
        StartFrom = arguments.GetValue(_model), InitialWeights = arguments.GetValue(_weights), NewHead = arguments.GetValue(_newHead),
        Rename = arguments.GetValue(_rename) is { Count: > 0 } renamed ? [.. renamed.Select(name => $"{name}")] : null,
    };

    private bool IsGiven(CommandResult result) => result.GetValue(_model) is not null || result.GetValue(_weights) is not null;
}
