using MlnetClip.Data;

namespace MlnetClip.Forecasting;

/// <summary>
/// The linear forecast that the network's output is added to: <c>y = linear(x) + share * scale * network(window)</c>, in the unit of the window's scaling. The network
/// learns the residual, divided by <paramref name="Scale"/>. Immutable.
/// </summary>
/// <param name="Inputs">What the linear part reads.</param>
/// <param name="Part">Its coefficients.</param>
/// <param name="Scale">The root mean square of the residual in training, above 0.</param>
/// <param name="NetworkShare">What the network's output is multiplied by, from 0 for the linear part alone to 1.</param>
internal sealed record LinearForecast(LinearInputs Inputs, LinearPart Part, double Scale, double NetworkShare = 1)
{
    /// <summary>Doubles of scratch memory that <see cref="Apply"/> needs.</summary>
    public int ScratchLength => Part.Features + Part.Outputs;

    /// <summary>Moves the origin of every step of the horizon to the linear forecast.</summary>
    /// <param name="layout">The window.</param>
    /// <param name="series">The number of the window's series; negative for one that was not seen in training.</param>
    /// <param name="inputs">What the network reads of the window.</param>
    /// <param name="stride">The distance of two time steps.</param>
    /// <param name="scales">What converts the values of each target, [K].</param>
    /// <param name="steps">What converts the values of each step and target, [H, K], which is changed.</param>
    /// <param name="scratch">Memory.</param>
    public void Apply(
        WindowLayout layout, int series, ReadOnlySpan<float> inputs, int stride, ReadOnlySpan<WindowScale> scales, Span<WindowScale> steps, Span<double> scratch)
    {
        Span<double> x = scratch[..Part.Features], y = scratch.Slice(Part.Features, Part.Outputs);
        Inputs.Read(layout, series, inputs, stride, scales, x);
        Part.Predict(x, y);
        for (int i = 0; i < steps.Length; i++) steps[i] = new(steps[i].ToData(y[i]), steps[i].Scale * Scale * NetworkShare);
    }
}
