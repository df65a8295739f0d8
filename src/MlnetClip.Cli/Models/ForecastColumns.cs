namespace MlnetClip.Cli.Models;

/// <summary>The columns that a forecaster adds: for each target the forecast, its quantiles and the bounds of the interval.</summary>
internal sealed class ForecastColumns
{
    /// <summary>The columns for the bounds in models that the tool trains.</summary>
    public const string Lower = "Lower", Upper = "Upper";

    private readonly LstmForecastingTransformer _model;
    private readonly int _perTarget;

    public ForecastColumns(LstmForecastingTransformer model)
    {
        (_model, Names) = (model, model.OutputColumnNames);
        _perTarget = Names.Count / model.TargetColumnNames.Count;
    }

    /// <summary>The model's names: those of the first target first.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The headers of the columns in a CSV file: <c>forecast</c>, <c>forecast.q0.1</c>, <c>lower</c>; with several targets <c>forecast.load</c> and so on.</summary>
    public IReadOnlyList<string> Headers => [.. Names.Select(Header)];

    /// <summary>The column of a target's forecast.</summary>
    public int Forecast(int target) => target * _perTarget;

    /// <summary>Whether both bounds follow the forecast and its quantiles.</summary>
    public bool HasInterval => _perTarget == 3 + _model.Model.Quantiles.Count;

    /// <summary>The target of a column.</summary>
    public int Target(int column) => column / _perTarget;

    private string Header(string name)
    {
        foreach (var (prefix, header) in new[] { (_model.OutputColumnName, "forecast"), (Lower, "lower"), (Upper, "upper") })
            if (name == prefix || name.StartsWith($"{prefix}.", StringComparison.Ordinal)) return header + name[prefix.Length..];
        return name;
    }
}
