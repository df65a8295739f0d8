using System.Runtime.InteropServices;
using MlnetClip.Layers;
using MlnetClip.Models;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace MlnetClip.Libtorch.Layers;

/// <summary>
/// A recurrent layer in one direction, one time step after the other, with the derivatives of the managed engine: recurrent dropout, limits on
/// the gradient propagated between time steps, truncation, and the contribution of each time step.
/// </summary>
internal sealed class UnrolledDirection
{
    private readonly UnrolledCell _cell;
    private readonly TorchParameter[] _parameters; // weight_ih, weight_hh, bias_ih, bias_hh
    private readonly int _units, _masks;
    private readonly float _dropout;
    private readonly bool _reverse;

    // Of the last forward pass, in the order of the steps of this direction.
    private Tensor _x = null!;
    private Tensor? _mask;
    private Tensor[] _h = [], _operands = []; // the hidden state before each step, and what the product with W_hh read of it
    private Tensor?[] _c = [];
    private Tensor[][] _kept = [];

    /// <param name="spec">The layer.</param>
    /// <param name="parameters">weight_ih, weight_hh, bias_ih and bias_hh of this direction.</param>
    /// <param name="index">The layer's number among the recurrent layers.</param>
    /// <param name="reverse">True for the backward direction.</param>
    public UnrolledDirection(RecurrentSpec spec, TorchParameter[] parameters, int index, bool reverse)
    {
        (_cell, _parameters, _units, _dropout, _reverse) = (UnrolledCell.Create(spec.Cell), parameters, spec.HiddenSize, spec.RecurrentDropout, reverse);
        _masks = DropoutMask.OfRecurrentLayer(index, reverse);
    }

    /// <summary>The hidden states, [T, B, H].</summary>
    public Tensor Forward(TorchPass pass, Tensor x)
    {
        int T = pass.TimeSteps;
        (_x, _mask) = (x, DrawMask(pass));
        (_h, _operands, _c, _kept) = (new Tensor[T], new Tensor[T], new Tensor?[T], new Tensor[T][]);
        var outputs = new Tensor[T]; // in the order of time
        Tensor[] input = torch.nn.functional.linear(x, _parameters[0].Value, _parameters[2].Value).unbind(0);
        Tensor hidden = _parameters[1].Value.t(), bias = _parameters[3].Value;
        Tensor h = torch.zeros(pass.BatchSize, _units, device: pass.Device);
        Tensor? c = _cell.HasState ? torch.zeros(pass.BatchSize, _units, device: pass.Device) : null;
        for (int s = 0; s < T; s++)
        {
            pass.ThrowIfCancelled();
            int t = Time(pass, s);
            (_h[s], _c[s], _operands[s]) = (h, c, _mask is null ? h : h * _mask);
            (h, c, _kept[s]) = _cell.Forward(input[t], torch.addmm(bias, _operands[s], hidden, 1, 1), h, c);
            if (pass.Padding is not null)
            {
                Tensor padding = pass.Padding.select(0, t);
                (h, c) = (h.masked_fill(padding, 0f), c?.masked_fill(padding, 0f));
            }

            outputs[t] = h;
        }

        return torch.stack(outputs, 0);
    }

    /// <summary>As <see cref="TorchLayer.Backward"/>.</summary>
    public Tensor? Backward(TorchPass pass, Tensor dY, bool needsInput)
    {
        int T = pass.TimeSteps, first = FirstStep(pass);
        var dInput = new Tensor[T]; // derivatives of the input's part of the sums, in the order of time
        var dHidden = new Tensor[T]; // and of the hidden state's part, in the order of the steps
        var squares = new Tensor[T];
        Tensor hidden = _parameters[1].Value, zeros = torch.zeros(pass.BatchSize, hidden.shape[0], device: pass.Device);
        for (int s = 0; s < first; s++) (dInput[Time(pass, s)], dHidden[s]) = (zeros, zeros);
        var limiter = new PropagatedGradient(pass);
        Tensor? dC = null, carry = null;
        for (int s = T - 1; s >= first; s--)
        {
            pass.ThrowIfCancelled();
            int t = Time(pass, s);
            Tensor dH = dY.select(0, t);
            if (s < T - 1)
            {
                Tensor propagated = dHidden[s + 1].mm(hidden);
                if (_mask is not null) propagated = propagated * _mask;
                if (carry is not null) propagated = propagated + carry;
                (propagated, dC) = limiter.Limit(propagated, dC);
                dH = dH + propagated;
            }

            (dInput[t], dHidden[s], dC, carry) = _cell.Backward(_kept[s], _h[s], _c[s], dH, dC);
            if (Cleared(pass, t) is { } cleared)
            {
                (dInput[t], dHidden[s]) = (dInput[t].masked_fill(cleared, 0f), dHidden[s].masked_fill(cleared, 0f));
                (dC, carry) = (dC?.masked_fill(cleared, 0f), carry?.masked_fill(cleared, 0f));
            }

            if (pass.Squares is not null) squares[t] = _cell.AllSums(dInput[t], dHidden[s]).to_type(torch.ScalarType.Float64).square().sum();
        }

        limiter.Count();
        if (pass.Squares is not null) AddSquares(pass, squares);
        Tensor sums = torch.stack(dInput, 0).view((long)T * pass.BatchSize, -1);
        StoreGradients(pass, sums, dHidden);
        return needsInput ? sums.mm(_parameters[0].Value).view(T, pass.BatchSize, -1) : null;
    }

    private int Time(TorchPass pass, int s) => _reverse ? pass.TimeSteps - 1 - s : s;

    private void StoreGradients(TorchPass pass, Tensor dInput, Tensor[] dHidden)
    {
        if (pass.Store is null) return;
        Tensor sums = torch.cat(dHidden, 0);
        pass.Store(_parameters[0], dInput.t().mm(_x.reshape(dInput.shape[0], -1)));
        pass.Store(_parameters[1], sums.t().mm(torch.cat(_operands, 0)));
        pass.Store(_parameters[2], dInput.sum([0L]));
        pass.Store(_parameters[3], sums.sum([0L]));
    }

    private static void AddSquares(TorchPass pass, Tensor[] squares)
    {
        Tensor zero = torch.zeros(1, torch.ScalarType.Float64, pass.Device).squeeze();
        Tensor all = torch.stack([.. squares.Select(square => square ?? zero)], 0).cpu();
        ReadOnlySpan<double> values = MemoryMarshal.Cast<byte, double>(all.bytes);
        for (int t = 0; t < values.Length; t++) pass.Squares![t] += values[t];
    }

    /// <summary>The first step that the gradient reaches. With padding, this depends on the end of each sequence, and <see cref="Cleared"/> says it.</summary>
    private int FirstStep(TorchPass pass) =>
        pass.Limits.TruncateSteps is not { } steps || (pass.Padding is not null && !_reverse) ? 0 : Math.Max(0, pass.TimeSteps - steps);

    /// <summary>The sequences without a gradient at a time step, [B, 1]: padding, and the steps before those that a truncated pass reaches; null for none.</summary>
    private Tensor? Cleared(TorchPass pass, int t)
    {
        if (pass.Padding is null) return null;
        Tensor padding = pass.Padding.select(0, t);
        if (_reverse || pass.Limits.TruncateSteps is not { } steps) return padding;
        return padding.logical_or((pass.LengthTensor! - steps > t).to(pass.Device).view(-1, 1));
    }

    /// <summary>The mask of recurrent dropout, [B, H]; null without.</summary>
    private Tensor? DrawMask(TorchPass pass)
    {
        if (_dropout == 0f || pass.DropoutSeed is not { } seed) return null;
        var mask = new float[pass.BatchSize * _units];
        DropoutMask.Fill(mask, _units, _dropout, seed, _masks);
        return HostTensor.From(mask, pass.Device, pass.BatchSize, _units);
    }
}
