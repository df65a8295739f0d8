using Microsoft.ML.Data;
using MlnetClip.Data;
using MlnetClip.Forecasting;
using MlnetClip.MLNetInternals;
using MlnetClip.Scoring;

namespace MlnetClip.Onnx.Forecasting;

/// <summary>A forecaster as an ONNX model from windows to forecasts, both in the data's unit: what <see cref="WindowPredictor"/> computes.</summary>
internal sealed class WindowGraph
{
    private readonly OnnxGraph _graph;
    private readonly LstmForecastingModelParameters _model;
    private readonly WindowLayout _layout;
    private readonly WindowInputs _inputs;
    private readonly SeriesConstants _series;
    private readonly ScaledTarget[] _targets;

    private WindowGraph(OnnxGraph graph, LstmForecastingTransformer forecaster)
    {
        (_graph, _model, _layout) = (graph, forecaster.Model, forecaster.Model.Layout);
        _inputs = WindowInputs.Declare(graph, forecaster);
        _series = new SeriesConstants(graph, _model.Encoder, _inputs.Group);
        _targets = [.. _inputs.Targets.Select((history, k) => ScaledTarget.Write(graph, _series, history, k))];
    }

    /// <summary>Writes a forecaster.</summary>
    /// <exception cref="NotSupportedException">It cannot be exported.</exception>
    public static OnnxModel Write(LstmForecastingTransformer forecaster)
    {
        if (forecaster.Model.Strategy == ForecastStrategy.Recursive)
        {
            throw new NotSupportedException(
                $"The forecaster of column '{forecaster.InputColumnName}' cannot be exported as ONNX: its strategy is Recursive, which runs the network again for every row of the horizon, "
                + $"on windows that end with the forecasts before.{Environment.NewLine}Hint: train it with Strategy = ForecastStrategy.Direct.");
        }

        var model = new OnnxModel();
        OnnxGraph graph = OnnxGraph.Of(model);
        new WindowGraph(graph, forecaster).WriteTo(model, forecaster);
        model.Prune();
        return model;
    }

    private void WriteTo(OnnxModel model, LstmForecastingTransformer forecaster)
    {
        List<string> channels = Channels();
        string? network = _model.Encoder.Linear is { NetworkShare: 0 } ? null : Network(channels);
        string? linear = _model.Encoder.Linear is { } part ? LinearGraph.Write(_graph, part, _series, _targets, channels) : null;
        string gaps = Gaps(forecaster.UnseenSeries);
        string[] levels = [.. Enumerable.Range(0, _layout.Targets).Select(k => Level(k, network, linear, gaps))];
        foreach (ForecastOutput output in forecaster.Outputs)
        {
            string name = WriteOutput(output, levels[output.Target]);
            model.Outputs.Add(new OnnxValue(name, typeof(double), [OnnxSize.Rows, new OnnxSize(_layout.Horizon)], Meaning(output, forecaster)));
        }
    }

    /// <summary>What the network reads, float [N, T] each, in the order of the layout.</summary>
    private List<string> Channels()
    {
        int T = _layout.TimeSteps;
        WindowEncoder encoder = _model.Encoder;
        var channels = new List<string>();
        foreach (ScaledTarget target in _targets) channels.Add(Padded(target.Values));
        for (int i = 0; i < _layout.Past; i++) channels.Add(Padded(Covariate(_inputs.Past[i], encoder.Covariates[i])));
        for (int i = 0; i < _layout.Future; i++) channels.Add(Covariate(_inputs.Future[i], encoder.Covariates[_layout.Past + i]));
        for (int i = 0; i < _layout.Calendar; i++) channels.Add(Covariate(_inputs.Calendar[i], null));
        for (int i = 0; i < _layout.Static; i++)
        {
            string value = Covariate(_inputs.Static[i], encoder.Covariates[_layout.Past + _layout.Future + i]);
            channels.Add(_graph.Node("Expand", [value, _graph.Integers("shape", 1, T)]));
        }

        if (!_layout.ReadsHorizon) return channels;
        float[] marker = new float[T];
        marker.AsSpan(_layout.WindowSize).Fill(1);
        channels.Add(_graph.Node("Expand", [_graph.Constant("horizon", marker, 1, T), _graph.Node("Shape", [channels[0]])]));
        return channels;
    }

    /// <summary>Zeros in the rows of the horizon, [N, W] to [N, T].</summary>
    private string Padded(string channel) =>
        _layout.FutureRows == 0 ? channel : _graph.Node("Pad", [channel, _graph.Integers("pads", 0, 0, 0, _layout.FutureRows)]);

    /// <summary>A covariate in the network's unit; 0 where it is missing.</summary>
    private string Covariate(string values, ChannelScale? scale)
    {
        string scaled = scale is null
            ? values
            : _graph.Node("Div", [_graph.Node("Sub", [values, _graph.Constant("mean", [scale.Mean], 1, 1)]), _graph.Constant("deviation", [scale.Deviation], 1, 1)]);
        string known = _graph.Node("Equal", [values, values]); // NaN is not equal to itself
        return _graph.Node("Cast", [_graph.Node("Where", [known, scaled, _graph.Constant("missing", [0d], 1, 1)])], ("to", typeof(float)));
    }

    /// <summary>The outputs of the network for the horizon, double [N, H, K, Q].</summary>
    private string Network(List<string> channels)
    {
        string[] columns = [.. channels.Select(channel => _graph.Node("Unsqueeze", [channel], ("axes", new long[] { 2 })))];
        string features = columns.Length == 1 ? columns[0] : _graph.Node("Concat", columns, ("axis", 2L));
        string outputs = new NetworkGraph(_graph, _model.Network).Write(features, null);
        if (_layout.ReadsHorizon) outputs = ScaledTarget.Rows(_graph, outputs, _layout.WindowSize, _layout.TimeSteps);
        string shaped = _graph.Node("Reshape", [outputs, _graph.Integers("shape", 0, _layout.Horizon, _layout.Targets, _model.Head.Levels)]);
        return _graph.Node("Cast", [shaped], ("to", typeof(double)));
    }

    /// <summary>The quantiles of a target, or its point forecast, double [N, H, Q].</summary>
    private string Level(int k, string? network, string? linear, string gaps)
    {
        int Q = _model.Head.Levels;
        ScaledTarget target = _targets[k];
        string origin = _layout.Lag == 0 ? target.Origin : _graph.Node("Gather", [target.History, _graph.Integers("season before", SeasonBefore())], ("axis", 1L));
        string scale = target.Scale;
        if (linear is not null)
        {
            LinearForecast part = _model.Encoder.Linear!;
            string forecast = _graph.Node("Gather", [linear, _graph.Scalar("target", k)], ("axis", 2L)); // [N, H]
            origin = _graph.Node("Add", [origin, _graph.Node("Mul", [forecast, scale])]);
            scale = _graph.Node("Mul", [scale, _graph.Constant("residual", [part.Scale * part.NetworkShare], 1, 1)]);
        }

        string level = Deep(origin);
        if (network is not null)
        {
            string outputs = _graph.Node("Gather", [network, _graph.Scalar("target", k)], ("axis", 2L)); // [N, H, Q]
            level = _graph.Node("Add", [level, _graph.Node("Mul", [outputs, Deep(scale)])]);
            if (Q > 1) level = _graph.Node("TopK", [level, _graph.Integers("count", Q)], true, true, ("axis", 2L), ("largest", 0L), ("sorted", 1L)).First; // quantiles never cross
        }
        else if (Q > 1)
        {
            level = _graph.Node("Expand", [level, _graph.Integers("shape", 1, 1, Q)]);
        }

        level = _graph.Node("Add", [level, gaps]);
        return _model.Head.NonNegative ? NotBelowZero(level) : level;
    }

    /// <summary>The rows of the history whose season the steps of the horizon have.</summary>
    private long[] SeasonBefore() => [.. Enumerable.Range(0, _layout.Horizon).Select(h => (long)(_layout.History - _layout.Lag + (h % _layout.Lag)))];

    /// <summary>0, or NaN where there is no forecast: a target is missing, a future covariate is missing from a step on, or the series is not known; double [N, H or 1, 1].</summary>
    private string Gaps(UnseenSeries unseen)
    {
        string gaps = "";
        void Add(string more) => gaps = gaps.Length == 0 ? more : _graph.Node("Add", [gaps, more]);
        foreach (string history in _inputs.Targets) Add(_graph.Node("ReduceSum", [_graph.Node("Sub", [history, history])], ("axes", new long[] { 1 })));
        foreach (string future in _inputs.Future)
        {
            string horizon = ScaledTarget.Rows(_graph, future, _layout.WindowSize, _layout.TimeSteps);
            Add(_graph.Node("CumSum", [_graph.Node("Sub", [horizon, horizon]), _graph.Scalar("axis", 1)]));
        }

        if (_series.IsUnseen is { } isUnseen && unseen != UnseenSeries.Average)
            Add(_graph.Node("Where", [isUnseen, _graph.Constant("missing", [double.NaN], 1, 1), _graph.Constant("known", [0d], 1, 1)]));
        return Deep(gaps);
    }

    private string WriteOutput(ForecastOutput output, string level)
    {
        var type = new VectorDataViewType(NumberDataViewType.Double, _layout.Horizon);
        ForecastHead head = _model.Head;
        string At(int q) => _graph.Node("Gather", [level, _graph.Scalar("quantile", q)], ("axis", 2L));
        if (output.Kind is ForecastValue.Value or ForecastValue.Quantile)
        {
            int q = output.Kind == ForecastValue.Value ? head.Median : output.Quantile;
            return _graph.Output(output.Column, type, "Gather", [level, _graph.Scalar("quantile", q)], ("axis", 2L));
        }

        bool isLower = output.Kind == ForecastValue.LowerBound;
        string margin = _graph.Node("Mul", [_graph.Constant("margins", head.Interval!.Margins[output.Target], 1, _layout.Horizon), _targets[output.Target].Scale]);
        string bound = _graph.Node(isLower ? "Sub" : "Add", [At(isLower ? 0 : head.Levels - 1), margin]);
        string[] both = [bound, At(head.Median)];
        string operation = isLower ? "Min" : "Max";
        return head.NonNegative
            ? _graph.Output(output.Column, type, "Identity", [NotBelowZero(_graph.Node(operation, both))])
            : _graph.Output(output.Column, type, operation, both);
    }

    /// <summary>Values below 0 become 0; NaN stays.</summary>
    private string NotBelowZero(string value)
    {
        string zero = _graph.Constant("zero", [0d], 1);
        return _graph.Node("Where", [_graph.Node("Less", [value, zero]), zero, value]);
    }

    /// <summary>[N, H] as [N, H, 1].</summary>
    private string Deep(string value) => _graph.Node("Unsqueeze", [value], ("axes", new long[] { 2 }));

    private string Meaning(ForecastOutput output, LstmForecastingTransformer forecaster)
    {
        string what = output.Kind switch
        {
            ForecastValue.Value => "the forecast",
            ForecastValue.Quantile => FormattableString.Invariant($"the quantile {_model.Head.Quantiles[output.Quantile]}"),
            ForecastValue.LowerBound => "the lower bound",
            _ => "the upper bound",
        };
        return $"{what} of {forecaster.TargetColumnNames[output.Target]} for the {_layout.Horizon} rows after the window";
    }
}
