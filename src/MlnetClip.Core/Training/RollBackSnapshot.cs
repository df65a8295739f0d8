using MlnetClip.Checkpoints;
using MlnetClip.Gradients;
using MlnetClip.Optimizers;
using MlnetClip.Parameters;

namespace MlnetClip.Training;

/// <summary>The last good weights and optimizer state of a fit, and the factor of the roll-backs on its learning rate.</summary>
internal sealed class RollBackSnapshot(ParameterSet parameters, Optimizer optimizer, OptimizerState state) : IRollBackTarget
{
    private float[]? _values;
    private OptimizerState? _state;

    /// <summary>The product of the factors of all roll-backs so far; 1 without any.</summary>
    internal float LearningRateFactor { get; private set; } = 1f;

    public bool HasSnapshot => _values is not null;

    public void TakeSnapshot()
    {
        _values ??= new float[parameters.Length];
        _state ??= optimizer.CreateState(parameters);
        parameters.Values.CopyTo(_values);
        _state.CopyFrom(state);
    }

    public void RollBack(float learningRateFactor)
    {
        if (_values is null || _state is null) throw new InvalidOperationException("There is no snapshot to roll back to.");
        _values.CopyTo(parameters.Values);
        state.CopyFrom(_state);
        LearningRateFactor *= learningRateFactor;
    }

    /// <summary>Whether its weights are all finite and its optimizer's memory is a possible one.</summary>
    internal bool IsFinite => _values is null || (FloatBlock.IsFinite(_values) && _state!.HasNoNaN);

    internal void Write(BinaryWriter writer)
    {
        writer.Write(LearningRateFactor);
        writer.Write(_values is not null);
        if (_values is null) return;
        FloatBlock.Write(writer, _values);
        _state!.Write(writer);
    }

    internal void Read(BinaryReader reader)
    {
        float factor = reader.ReadSingle();
        LearningRateFactor = factor is >= 0 and <= 1 ? factor : throw FieldReader.Wrong("the learning rate's factor", "must be from 0 to 1", FormattableString.Invariant($"{factor}"));
        if (!reader.ReadFlag("the flag of the snapshot"))
        {
            (_values, _state) = (null, null);
            return;
        }

        reader.CheckLeft("the number of weights of the snapshot", parameters.Length, sizeof(float));
        _values ??= new float[parameters.Length];
        _state ??= optimizer.CreateState(parameters);
        FloatBlock.Read(reader, _values, "the weights of the snapshot");
        _state.Read(reader);
    }
}
