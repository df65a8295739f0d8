using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlnetClip.Forecasting;

/// <summary>The forecaster of a model with the steps before and after it, each of which maps a row to a row.</summary>
internal sealed class EngineSteps
{
    private readonly ITransformer[] _before, _after;

    /// <exception cref="ArgumentException">There is no forecaster, there are several, or another step does not map a row to a row.</exception>
    public EngineSteps(ITransformer model)
    {
        ITransformer[] steps = [.. ChainSteps.Of(model)];
        int at = Array.FindIndex(steps, step => step is LstmForecastingTransformer);
        if (at < 0) throw new ArgumentException($"model must contain a forecaster of MlnetClip, but its steps are {string.Join(", ", steps.Select(step => step.GetType().Name))}.", nameof(model));
        Forecaster = (LstmForecastingTransformer)steps[at];
        (_before, _after) = (steps[..at], steps[(at + 1)..]);
        if (_before.Concat(_after).FirstOrDefault(step => !step.IsRowToRowMapper) is { } other)
        {
            throw new ArgumentException(
                $"The steps of the model besides the forecaster must each map a row to a row, but {other.GetType().Name} does not.{Environment.NewLine}Hint: create the engine from the steps without it.", nameof(model));
        }
    }

    /// <summary>The forecaster.</summary>
    public LstmForecastingTransformer Forecaster { get; }

    /// <summary>The row that the forecaster reads, for a row of examples.</summary>
    public DataViewRow Before(DataViewRow example) => Map(_before, example);

    /// <summary>The row with everything that the model computes, for a row with the forecasts.</summary>
    public DataViewRow After(DataViewRow forecast) => Map(_after, forecast);

    private static DataViewRow Map(ITransformer[] steps, DataViewRow row)
    {
        foreach (ITransformer step in steps)
        {
            IRowToRowMapper mapper = step.GetRowToRowMapper(row.Schema);
            row = mapper.GetRow(row, mapper.OutputSchema);
        }

        return row;
    }
}
