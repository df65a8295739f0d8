using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlnetClip.Forecasting;

/// <summary>Forecasts in the type of their column.</summary>
internal static class ForecastGetter
{
    /// <summary>A getter of a forecast column, of type Single or Double.</summary>
    /// <param name="forecast">The forecasts in double precision.</param>
    /// <param name="column">The column.</param>
    /// <exception cref="InvalidOperationException">The column has another type than the getter.</exception>
    public static ValueGetter<TValue> Of<TValue>(ValueGetter<VBuffer<double>> forecast, DataViewSchema.Column column)
    {
        bool isDouble = ((VectorDataViewType)column.Type).ItemType.Equals(NumberDataViewType.Double);
        Delegate getter = isDouble ? forecast : Single(forecast);
        return getter as ValueGetter<TValue>
            ?? throw new InvalidOperationException(
                $"Column '{column.Name}' holds VBuffer<{(isDouble ? "double" : "float")}>, but a getter of {typeof(TValue).Name} was requested.");
    }

    private static ValueGetter<VBuffer<float>> Single(ValueGetter<VBuffer<double>> getter)
    {
        VBuffer<double> forecast = default;
        return (ref VBuffer<float> destination) =>
        {
            getter(ref forecast);
            ReadOnlySpan<double> values = forecast.GetValues();
            var editor = VBufferEditor.Create(ref destination, values.Length);
            for (int h = 0; h < values.Length; h++) editor.Values[h] = (float)values[h];
            destination = editor.Commit();
        };
    }
}
