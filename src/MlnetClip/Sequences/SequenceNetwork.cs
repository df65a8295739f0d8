using Microsoft.ML.Data;
using MlnetClip.Inference;

namespace MlnetClip.Sequences;

/// <summary>The network of a model over one sequence at a time, from the data's unit to the head's outputs. Not safe for calls from several threads at a time.</summary>
/// <param name="model">The trained model.</param>
internal sealed class SequenceNetwork(LstmModelParameters model)
{
    private readonly SequencePredictor _predictor = new(model.Network.Packed);
    private readonly SequenceInput _input = model.Input;
    private SequenceBlock? _block;
    private float[] _outputs = new float[model.Network.Spec.Head.Outputs];
    private int _count;
    private float[] _values = [];
    private uint[] _keys = [];
    private int[] _ids = [];

    /// <summary>
    /// The head's outputs for the last sequence, [O], or [T, O] where every step is predicted; all NaN where it could not be predicted:
    /// no time steps, or a value that is not finite.
    /// </summary>
    public ReadOnlySpan<float> Outputs => _outputs.AsSpan(0, _count);

    /// <summary>The network over several sequences at once.</summary>
    public SequenceBlock Block => _block ??= new SequenceBlock(model);

    /// <summary>Predicts a sequence of real features.</summary>
    /// <exception cref="InvalidDataException">Its values do not make whole steps.</exception>
    public void Predict(in VBuffer<float> sequence, string column, long row)
    {
        int steps = _input.StepsOf(sequence.Length, column, row);
        Span<float> values = Sized(ref _values, sequence.Length);
        sequence.CopyTo(values);
        Span<float> outputs = Prepare(steps);
        if (steps == 0 || !AreFinite(values))
        {
            outputs.Fill(float.NaN);
            return;
        }

        model.Scaler.Apply(values);
        _predictor.Predict(values, outputs);
    }

    /// <summary>Predicts a sequence of keys.</summary>
    /// <exception cref="InvalidDataException">The keys do not make whole steps, or one is not the column's.</exception>
    public void Predict(in VBuffer<uint> sequence, string column, long row)
    {
        int steps = _input.StepsOf(sequence.Length, column, row);
        Span<uint> keys = Sized(ref _keys, sequence.Length);
        Span<int> ids = Sized(ref _ids, sequence.Length);
        sequence.CopyTo(keys);
        for (int n = 0; n < keys.Length; n++)
        {
            _input.CheckKey(keys[n], column, row);
            ids[n] = (int)keys[n];
        }

        Span<float> outputs = Prepare(steps);
        if (steps == 0) outputs.Fill(float.NaN);
        else _predictor.Predict([], ids, outputs);
    }

    /// <summary>Whether every value is a finite number.</summary>
    public static bool AreFinite(ReadOnlySpan<float> values)
    {
        foreach (float value in values)
            if (!float.IsFinite(value)) return false;
        return true;
    }

    private Span<float> Prepare(int steps)
    {
        _count = (model.Task.EveryStep ? steps : 1) * model.Task.Outputs;
        return Sized(ref _outputs, _count);
    }

    private static Span<T> Sized<T>(ref T[] buffer, int length)
    {
        if (buffer.Length < length) buffer = new T[length];
        return buffer.AsSpan(0, length);
    }
}
