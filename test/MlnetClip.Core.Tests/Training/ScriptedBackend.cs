using MlnetClip.Clipping;
using MlnetClip.Data;
using MlnetClip.Parameters;
using MlnetClip.Training;

namespace MlnetClip.Core.Tests.Training;

/// <summary>A backend whose gradients and validation losses are written down by the test: what the loop does with them is all there is.</summary>
internal sealed class ScriptedBackend(Func<int, float[]> gradientOfStep, params double[] validationLosses) : IBackend
{
    private int _steps;
    private int _validations;

    /// <summary>Two tensors of two elements each, zero at first.</summary>
    public ParameterSet Parameters { get; } = new(
    [
        new ParameterSpec("w", 0, ParameterRole.Input, 1, 2),
        new ParameterSpec("b", 1, ParameterRole.Head, 2, 1, IsBias: true),
    ]);

    /// <summary>Loss of every step, from 0; by default its number.</summary>
    public Func<int, double> LossOfStep { get; init; } = step => step;

    public int LossTerms => 1;

    public double ShareLimitedInside => 0;

    public BackpropLimits BackpropClipping { get; set; }

    public void TimeStepNorms(Span<double> norms) => throw new NotSupportedException();

    public BatchSums ComputeGradients(SequenceBatch batch, ulong dropoutSeed)
    {
        gradientOfStep(_steps).CopyTo(Parameters.Gradients);
        return new(LossOfStep(_steps++), 1);
    }

    public BatchSums ComputeLoss(SequenceBatch batch) => new(validationLosses[_validations++], 1);

    public void Dispose()
    {
    }
}
