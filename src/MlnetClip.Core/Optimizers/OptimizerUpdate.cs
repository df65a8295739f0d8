using MlnetClip.Optimizers;
using MlnetClip.Parameters;

namespace MlnetClip;

/// <summary>A range of elements that an <see cref="Optimizer"/> updates in one step. Elements are independent: several threads may update disjoint ranges.</summary>
public readonly ref struct OptimizerUpdate
{
    private readonly OptimizerState _state;
    private readonly int _start;

    internal OptimizerUpdate(ParameterSet parameters, OptimizerState state, float learningRate, float gradientScale, int start, int length)
    {
        (_state, _start) = (state, start);
        Values = parameters.Values.Slice(start, length);
        Gradients = parameters.Gradients.Slice(start, length);
        LearningRate = learningRate;
        GradientScale = gradientScale;
    }

    /// <summary>The weights, to be changed.</summary>
    public Span<float> Values { get; }

    /// <summary>The clipped gradients, each still to be multiplied by <see cref="GradientScale"/>. They are not to be changed.</summary>
    public ReadOnlySpan<float> Gradients { get; }

    /// <summary>The learning rate of the step, 0 or more.</summary>
    public float LearningRate { get; }

    /// <summary>The factor on every gradient that clipping left to the optimizer.</summary>
    public float GradientScale { get; }

    /// <summary>Updates made so far with this one: 1 in the first.</summary>
    public long Updates => _state.Updates;

    /// <summary>A state vector of these elements, 0 at first, kept between steps and stored in checkpoints.</summary>
    /// <param name="index">From 0; below the optimizer's number of state vectors.</param>
    public Span<float> State(int index) => _state.Vector(index).Slice(_start, Values.Length);
}
