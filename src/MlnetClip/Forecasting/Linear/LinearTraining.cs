using MlnetClip.Data;
using MlnetClip.Inference;
using MlnetClip.Models;

namespace MlnetClip.Forecasting;

/// <summary>Fits the linear part of a forecaster, before and after its network.</summary>
internal sealed class LinearTraining
{
    private const int MostChecked = 8192; // windows; more would not change a mean
    private const double SmallestScale = 1e-3; // a series that a linear rule forecasts exactly leaves nothing to scale

    private readonly LstmForecastingTrainer.Options _options;
    private readonly ForecastTrainingData _data;
    private readonly IReadOnlyList<LinearCandidate> _candidates;

    /// <summary>The linear part of a model to start from, which is kept; only the network's share is chosen again.</summary>
    private LinearTraining(LstmForecastingTrainer.Options options, ForecastTrainingData data, LinearForecast start)
    {
        (_options, _data, _candidates) = (options, data, []);
        Forecast = start with { NetworkShare = 1 };
    }

    private LinearTraining(LstmForecastingTrainer.Options options, ForecastTrainingData data)
    {
        (_options, _data) = (options, data);
        WindowEncoder encoder = data.Training.Encoder;
        LinearInputs inputs = LinearInputs.Of(encoder.Layout, data.Table, encoder.Groups);
        int season = options.SeasonLength ?? SeasonSearch.Find(Scaled(), inputs.Rows - 1);
        _candidates = LinearCandidates.Of(inputs, encoder.Layout, options.Scaling, season);
        var rows = new LinearWindows(data.Training, inputs);
        int gap = encoder.Layout.Horizon * encoder.Groups.Count;
        LinearPart part = LinearPart.Fit(rows, inputs.Count(encoder.Layout), encoder.Layout.Horizon * encoder.Layout.Targets, _candidates, gap, options.Threads, options.CancellationToken);
        Forecast = new LinearForecast(inputs, part, Math.Max(SmallestScale, RootMeanSquare(part, new LinearWindows(data.Training, inputs, MostChecked))));

        IEnumerable<(Series, int, double)> Scaled() => data.Table.Groups.Zip(encoder.Scalers, (group, scalers) => (group.Targets[0], group.Cut, scalers[0].Scale));
    }

    /// <summary>The linear part, as fitted to the training windows.</summary>
    public LinearForecast Forecast { get; private set; }

    /// <summary>The validation loss of the linear part alone and the network's share, as the report has them; null without a choice.</summary>
    public LinearPartReport Report => new()
    {
        Forecasts = [.. Forecast.Part.Shares.Where(share => share.Share > 0).Select(share => new LinearPartShare(share.Name, share.Share, share.Penalty, share.Error))],
        NetworkShare = Forecast.NetworkShare,
    };

    /// <summary>Fits the linear part and makes the windows relative to it.</summary>
    /// <param name="options">The options.</param>
    /// <param name="data">The windows.</param>
    /// <param name="start">A model to start from, whose linear part is kept; null for none.</param>
    /// <returns>The linear part; null where there is none.</returns>
    public static LinearTraining? Fit(LstmForecastingTrainer.Options options, ForecastTrainingData data, LstmForecastingModelParameters? start)
    {
        LinearForecast? before = start?.Encoder.Linear;
        if (options.LinearPart == LinearPartUse.None || (start is not null && before is null)) return null;
        LinearTraining training = before is null ? new(options, data) : new(options, data, before);
        data.Training.Use(training.Forecast);
        data.Validation?.Use(training.Forecast);
        return training;
    }

    /// <summary>Chooses the network's share on the validation windows: the factor of its output, from 0 to 1, with the smallest mean squared error.</summary>
    public void ChooseShare(ModelSpec spec, float[] weights)
    {
        if (_data.Validation is not { } validation || _options.LinearPart == LinearPartUse.Always || _options.Quantiles.Length > 0) return;
        const int Most = 64; // windows at a time
        var predictor = new BatchPredictor(new PackedModel(spec, weights));
        WindowEncoder encoder = validation.Encoder;
        WindowLayout layout = encoder.Layout;
        int F = layout.Features, K = layout.Targets, first = layout.ReadsHorizon ? layout.WindowSize * K : 0, length = checked((int)layout.Length);
        int inputLength = layout.TimeSteps * F, outputLength = (layout.ReadsHorizon ? layout.TimeSteps : 1) * spec.Head.Outputs;
        int stride = ((validation.Count - 1) / MostChecked) + 1, most = Math.Min(Most, validation.Count);
        var windows = new double[most * length];
        float[] inputs = new float[most * inputLength], outputs = new float[most * outputLength];
        WindowScale[] scales = new WindowScale[most * K], steps = new WindowScale[most * layout.Horizon * K];
        var scratch = new double[encoder.ScratchLength];
        double product = 0, squares = 0, residual = 0;
        for (int start = 0, count; start < validation.Count; start += count * stride)
        {
            _options.CancellationToken.ThrowIfCancellationRequested();
            count = (int)Math.Min(Most, ((validation.Count - 1L - start) / stride) + 1);
            for (int n = 0; n < count; n++)
            {
                Span<double> window = windows.AsSpan(n * length, length);
                Span<float> input = inputs.AsSpan(n * inputLength, inputLength);
                Span<WindowScale> scale = scales.AsSpan(n * K, K);
                validation.CutWindow(start + (n * stride), window);
                encoder.Encode(window, input, F, scale);
                encoder.Scales(window, input, F, scale, steps.AsSpan(n * layout.Horizon * K, layout.Horizon * K), scratch);
            }

            predictor.Predict(inputs.AsSpan(0, count * inputLength), count, outputs.AsSpan(0, count * outputLength));
            for (int m = 0; m < count * layout.Horizon * K; m++)
            {
                int n = m / (layout.Horizon * K), i = m % (layout.Horizon * K);
                if (validation.TargetOf(start + (n * stride), i / K, i % K, windows.AsSpan(n * length, length), scales[(n * K) + (i % K)], steps[m]) is not { } target) continue;
                double output = outputs[(n * outputLength) + first + i];
                product += target * output;
                squares += output * output;
                residual += (double)target * target;
            }
        }

        double share = squares > 0 ? Math.Clamp(product / squares, 0, 1) : 0;
        double gain = residual > 0 ? ((2 * share * product) - (share * share * squares)) / residual : 0;
        Forecast = Forecast with { NetworkShare = gain < LeastGain ? 0 : share };
    }

    /// <summary>Fits the linear part again, to validation windows too, with the shares and penalties that were chosen.</summary>
    public void FitAgain()
    {
        if (_candidates.Count == 0) return;
        WindowEncoder encoder = _data.Training.Encoder.With(null);
        var all = new WindowBatchSource(_data.Table.Groups, encoder, group => (0, group.Length), _options.LargestGap);
        Forecast = Forecast with { Part = Forecast.Part.FitAgain(new LinearWindows(all, Forecast.Inputs), _candidates, _options.Threads, _options.CancellationToken) };
    }

    private const double LeastGain = 0.01; // of the mean squared error: less is noise of the choice itself

    private static double RootMeanSquare(LinearPart part, LinearWindows rows)
    {
        double[] x = new double[part.Features], y = new double[part.Outputs], w = new double[part.Outputs], forecast = new double[part.Outputs];
        double sum = 0;
        long count = 0;
        for (int row = 0; row < rows.Count; row++)
        {
            rows.Read(row, x, y, w);
            part.Predict(x, forecast);
            for (int k = 0; k < y.Length; k++)
            {
                if (w[k] == 0) continue;
                sum += (y[k] - forecast[k]) * (y[k] - forecast[k]);
                count++;
            }
        }

        return count == 0 ? 1 : Math.Sqrt(sum / count);
    }
}
