using MlnetClip.Parameters;

namespace MlnetClip.Training;

/// <summary>The stages of a step that keep parameters frozen: their gradients are zero before the norm is taken, and their values are put back after the update.</summary>
internal sealed class FrozenWeights
{
    private readonly ParameterSet _parameters;
    private readonly Parameter[] _frozen;
    private readonly float[][] _values;

    /// <exception cref="ArgumentException">The setting does not fit the model.</exception>
    public FrozenWeights(ParameterSet parameters, FrozenParameters frozen)
    {
        if (frozen.ProblemWith(parameters.Items) is { } problem) throw new ArgumentException($"{nameof(TrainingOptions)}.{nameof(TrainingOptions.Frozen)}: {problem}");
        _parameters = parameters;
        _frozen = [.. parameters.Items.Where(frozen.IsFrozen)];
        _values = [.. _frozen.Select(parameter => new float[parameter.Length])];
    }

    /// <summary>Takes the values that are kept.</summary>
    public void Capture()
    {
        for (int i = 0; i < _frozen.Length; i++) _parameters.ValuesOf(_frozen[i]).CopyTo(_values[i]);
    }

    /// <summary>Sets the gradients to zero.</summary>
    public void ClearGradients()
    {
        foreach (Parameter parameter in _frozen) _parameters.GradientsOf(parameter).Clear();
    }

    /// <summary>Puts the values back, which weight decay, momentum or noise may have changed.</summary>
    public void Restore()
    {
        for (int i = 0; i < _frozen.Length; i++) _values[i].CopyTo(_parameters.ValuesOf(_frozen[i]));
    }
}
