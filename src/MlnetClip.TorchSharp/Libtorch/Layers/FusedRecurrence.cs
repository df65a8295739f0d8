using MlnetClip.Models;
using TorchSharp;
using TorchSharp.Modules;
using Parameter = MlnetClip.Parameters.Parameter;
using Tensor = TorchSharp.torch.Tensor;
using PackedSequence = TorchSharp.torch.nn.utils.rnn.PackedSequence;

namespace MlnetClip.Libtorch.Layers;

/// <summary>A recurrent layer by libtorch's own operator (oneDNN on a CPU, cuDNN on a GPU), in one or both directions; padding by packed sequences.</summary>
internal sealed class FusedRecurrence : AutogradLayer
{
    private readonly torch.nn.Module _module;
    private readonly Func<Tensor, Tensor> _full;
    private readonly Func<PackedSequence, PackedSequence> _packed;

    /// <param name="spec">The layer.</param>
    /// <param name="parameters">weight_ih, weight_hh, bias_ih and bias_hh of the forward direction, then those of the backward one.</param>
    /// <param name="device">The device.</param>
    public FusedRecurrence(RecurrentSpec spec, IReadOnlyList<Parameter> parameters, torch.Device device)
    {
        (long inputs, long units, bool both) = (parameters[0].Columns, spec.HiddenSize, spec.Bidirectional);
        switch (spec.Cell)
        {
            case RecurrentCell.Lstm:
                LSTM lstm = torch.nn.LSTM(inputs, units, bidirectional: both, device: device);
                lstm.flatten_parameters(); // one buffer, as cuDNN reads them; nothing on a CPU
                (_module, _full, _packed) = (lstm, x => lstm.call(x).Item1, x => lstm.call(x).Item1);
                break;
            case RecurrentCell.Gru:
                GRU gru = torch.nn.GRU(inputs, units, bidirectional: both, device: device);
                gru.flatten_parameters();
                (_module, _full, _packed) = (gru, x => gru.call(x).Item1, x => gru.call(x).Item1);
                break;
            default:
                torch.nn.NonLinearities activation = spec.Cell == RecurrentCell.RnnTanh ? torch.nn.NonLinearities.Tanh : torch.nn.NonLinearities.ReLU;
                RNN rnn = torch.nn.RNN(inputs, units, nonLinearity: activation, bidirectional: both, device: device);
                rnn.flatten_parameters();
                (_module, _full, _packed) = (rnn, x => rnn.call(x).Item1, x => rnn.call(x).Item1);
                break;
        }

        Dictionary<string, Tensor> values = _module.named_parameters().ToDictionary(parameter => parameter.name, parameter => (Tensor)parameter.parameter);
        Parameters = [.. parameters.Select(parameter => new TorchParameter(parameter, values[NameOf(parameter)]))];
        foreach (TorchParameter parameter in Parameters) parameter.Value.DetachFromDisposeScope();
    }

    protected override Tensor Compute(TorchPass pass, Tensor x)
    {
        if (pass.LengthTensor is null) return _full(x);
        using PackedSequence packed = torch.nn.utils.rnn.pack_padded_sequence(x, pass.LengthTensor, enforce_sorted: false);
        using PackedSequence outputs = _packed(packed);
        return torch.nn.utils.rnn.pad_packed_sequence(outputs, total_length: pass.TimeSteps).Item1;
    }

    /// <summary>
    /// As for a backward pass: on processors with AVX-512, oneDNN 3.7.1 (libtorch 2.10.0) computes an LSTM without one wrongly, by errors of the size of the outputs, where the units
    /// are 1 to 16 more than a multiple of 32.
    /// </summary>
    protected override Tensor Evaluate(TorchPass pass, Tensor x)
    {
        using var gradient = torch.enable_grad();
        return Compute(pass, x).detach();
    }

    public override void Dispose()
    {
        base.Dispose();
        _module.Dispose();
    }

    /// <summary>The name in a module of one layer: <c>lstm.weight_ih_l3_reverse</c> is <c>weight_ih_l0_reverse</c>.</summary>
    private static string NameOf(Parameter parameter)
    {
        string name = parameter.Name[(parameter.Name.IndexOf('.', StringComparison.Ordinal) + 1)..];
        int number = name.LastIndexOf("_l", StringComparison.Ordinal) + 2, end = name.IndexOf('_', number);
        return $"{name[..number]}0{(end < 0 ? "" : name[end..])}";
    }
}
