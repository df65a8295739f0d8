using MlnetClip.Forecasting;

namespace MlnetClip.Data;

/// <summary>Everything that converts a window of a <see cref="WindowLayout"/> to the network's inputs, and outputs back. Immutable.</summary>
/// <param name="layout">The window.</param>
/// <param name="groups">The names of the series seen in training, in the order of their numbers; one of an empty name without a group column.</param>
/// <param name="scalers">The scaling of each series and target, [series][K].</param>
/// <param name="pooled">The scaling of a series that was not seen in training, [K].</param>
/// <param name="covariates">The scaling of past, future and static covariates, in this order.</param>
/// <param name="linear">The linear forecast that outputs are relative to; null for none.</param>
internal sealed class WindowEncoder(
    WindowLayout layout, IReadOnlyList<string> groups, SeriesScaler[][] scalers, SeriesScaler[] pooled, ChannelScale[] covariates, LinearForecast? linear = null)
{
    /// <summary>The window.</summary>
    public WindowLayout Layout => layout;

    /// <summary>The names of the series seen in training.</summary>
    public IReadOnlyList<string> Groups => groups;

    /// <summary>The scaling of each series and target, [series][K].</summary>
    public SeriesScaler[][] Scalers => scalers;

    /// <summary>The scaling of a series that was not seen in training, [K].</summary>
    public SeriesScaler[] Pooled => pooled;

    /// <summary>The scaling of past, future and static covariates, in this order.</summary>
    public ChannelScale[] Covariates => covariates;

    /// <summary>The linear forecast that outputs are relative to; null for none.</summary>
    public LinearForecast? Linear => linear;

    /// <summary>Doubles of scratch memory that <see cref="Scales"/> needs.</summary>
    public int ScratchLength => linear?.ScratchLength ?? 0;

    /// <summary>The same over windows of a single step.</summary>
    public WindowEncoder OneStep => layout.Horizon == 1 ? this : new(layout.OneStep, groups, scalers, pooled, covariates, linear);

    /// <summary>The same with another linear forecast, or with none.</summary>
    public WindowEncoder With(LinearForecast? other) => new(layout, groups, scalers, pooled, covariates, other);

    /// <summary>The scaling of the targets of a window.</summary>
    /// <param name="window">The window's vector.</param>
    public SeriesScaler[] ScalersOf(ReadOnlySpan<double> window)
    {
        int number = SeriesOf(window);
        return number >= 0 && number < scalers.Length ? scalers[number] : pooled;
    }

    /// <summary>The number of a window's series; -1 for one that was not seen in training.</summary>
    /// <param name="window">The window's vector.</param>
    public int SeriesOf(ReadOnlySpan<double> window) => !layout.Grouped ? 0 : window[layout.GroupAt] is >= 0 and var number ? (int)number : -1;

    /// <summary>Writes the network's inputs.</summary>
    /// <param name="window">The window's vector, without gaps in the targets.</param>
    /// <param name="inputs">Receives the inputs; element (t, f) lies at <c>t * stride + f</c>.</param>
    /// <param name="stride">The distance of two time steps.</param>
    /// <param name="scales">Receives what converts the values of each target, [K]; see <see cref="Scales"/>.</param>
    public void Encode(ReadOnlySpan<double> window, Span<float> inputs, int stride, Span<WindowScale> scales)
    {
        SeriesScaler[] own = ScalersOf(window);
        int f = 0;
        for (int k = 0; k < layout.Targets; k++, f++) scales[k] = own[k].ToNetwork(window.Slice(layout.TargetAt(k), layout.History), inputs[f..], stride);
        for (int i = 0; i < layout.Past; i++, f++) Write(window.Slice(layout.PastAt(i), layout.WindowSize), covariates[i], inputs, f, stride);
        for (int i = 0; i < layout.Future; i++, f++) Write(window.Slice(layout.FutureAt(i), layout.TimeSteps), covariates[layout.Past + i], inputs, f, stride);
        for (int i = 0; i < layout.Calendar; i++, f++) Write(window.Slice(layout.CalendarAt(i), layout.TimeSteps), null, inputs, f, stride);
        for (int i = 0; i < layout.Static; i++, f++)
        {
            float value = covariates[layout.Past + layout.Future + i].ToNetwork(window[layout.StaticAt + i]);
            for (int t = 0; t < layout.TimeSteps; t++) inputs[(t * stride) + f] = value;
        }

        if (!layout.ReadsHorizon) return;
        for (int t = 0; t < layout.TimeSteps; t++)
        {
            bool inHorizon = t >= layout.WindowSize;
            inputs[(t * stride) + f] = inHorizon ? 1f : 0f;
            if (inHorizon) inputs.Slice(t * stride, layout.Targets + layout.Past).Clear();
        }
    }

    /// <summary>What converts the targets of every step of the horizon.</summary>
    /// <param name="window">The window's vector.</param>
    /// <param name="inputs">The inputs that <see cref="Encode"/> wrote.</param>
    /// <param name="stride">The distance of two time steps.</param>
    /// <param name="scales">What <see cref="Encode"/> wrote for the targets, [K].</param>
    /// <param name="steps">Receives what converts each step and target, [H, K].</param>
    /// <param name="scratch">Memory of <see cref="ScratchLength"/>.</param>
    public void Scales(
        ReadOnlySpan<double> window, ReadOnlySpan<float> inputs, int stride, ReadOnlySpan<WindowScale> scales, Span<WindowScale> steps, Span<double> scratch)
    {
        SeriesScaler[] own = ScalersOf(window);
        for (int i = 0; i < steps.Length; i++)
        {
            int k = i % layout.Targets;
            steps[i] = layout.Lag == 0 ? scales[k] : own[k].At(window.Slice(layout.TargetAt(k), layout.History), scales[k], i / layout.Targets);
        }

        linear?.Apply(layout, SeriesOf(window), inputs, stride, scales, steps, scratch);
    }

    private static void Write(ReadOnlySpan<double> values, ChannelScale? scale, Span<float> inputs, int f, int stride)
    {
        for (int t = 0; t < values.Length; t++)
            inputs[(t * stride) + f] = scale is null ? double.IsNaN(values[t]) ? 0f : (float)values[t] : scale.ToNetwork(values[t]);
    }
}
