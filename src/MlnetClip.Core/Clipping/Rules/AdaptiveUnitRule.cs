using MlnetClip.Kernels;
using MlnetClip.Parameters;
using MlnetClip.Settings;

namespace MlnetClip.Clipping;

/// <summary>
/// Adaptive gradient clipping (Brock et al. 2021, arXiv:2102.06171): each unit's gradient is at most a fraction of the unit's
/// own weights, <c>g_r *= factor * max(||w_r||, eps) / ||g_r||</c> where <c>||g_r||</c> is above that.
/// </summary>
/// <remarks>A unit is a row of a weight matrix, which is one gate of one hidden unit; a bias vector is one unit, as in the paper's code.</remarks>
internal sealed record AdaptiveUnitRule(Schedule Factor, float Epsilon, bool IncludeHead) : IClippingRule
{
    public const float DefaultFactor = 0.01f;
    public const float DefaultEpsilon = 1e-3f;

    public string Text =>
        $"agc:{Factor}{(Epsilon == DefaultEpsilon ? "" : $",eps={SettingNumber.Print(Epsilon)}")}{(IncludeHead ? ",head=true" : "")}";

    public string Describe(in ClippingStep step) =>
        $"the gradient of each unit (a row of a weight matrix, a whole bias) is at most {Factor} of the norm of its weights, "
        + $"counted as {SettingNumber.Print(Epsilon)} or more; the head is {(IncludeHead ? "included" : "not clipped")}";

    public string? ProblemWith(IReadOnlyList<Parameter> parameters) =>
        IncludeHead || parameters.Any(p => p.Role != ParameterRole.Head)
            ? null
            : $"'{Text}' does not clip the head, and applies to nothing else.{Environment.NewLine}Hint: agc:{Factor},head=true clips the head too.";

    public ClipReport Apply(GradientGroup gradients, in ClippingStep step, ClippingState? state)
    {
        double factor = Factor.At(step), smallest = 1;
        for (int i = 0; i < gradients.Items.Count; i++)
        {
            Parameter parameter = gradients.Items[i];
            if (parameter.Role == ParameterRole.Head && !IncludeHead) continue;
            int units = parameter.IsBias ? 1 : parameter.Rows;
            smallest = Math.Min(smallest, Clip(gradients, parameter, parameter.Length / units, factor));
        }

        return gradients.Report(factor) with { Scale = smallest, Changed = smallest < 1 };
    }

    /// <summary>Clips every unit of one parameter; returns the smallest scale.</summary>
    private double Clip(GradientGroup gradients, Parameter parameter, int unit, double factor)
    {
        ReadOnlySpan<float> values = gradients.Parameters.ValuesOf(parameter);
        ReadOnlySpan<float> given = gradients.Read(parameter);
        double smallest = 1;
        for (int start = 0; start < given.Length; start += unit)
        {
            double norm = Math.Sqrt(SumOfSquares.Of(given.Slice(start, unit)));
            double largest = factor * Math.Max(Math.Sqrt(SumOfSquares.Of(values.Slice(start, unit))), Epsilon);
            if (norm <= largest) continue;
            smallest = Math.Min(smallest, largest / norm);
            ScaleInPlace.By(gradients.Open(parameter).Slice(start, unit), largest / norm);
        }

        return smallest;
    }
}
