using Microsoft.ML.Data;
using MlnetClip;
using MlnetClip.Data;

namespace Microsoft.ML;

/// <summary>Evaluation of forecasts, on <see cref="MLContext.Forecasting"/>.</summary>
public static class ForecastEvaluationCatalog
{
    /// <summary>Evaluates a column of forecasts and compares it with three naive forecasts; see <see cref="ForecastEvaluation"/> for the protocol.</summary>
    /// <param name="catalog">The forecasting catalog.</param>
    /// <param name="data">The rows of the series in time order, with the forecasts that a transformer appended.</param>
    /// <param name="labelColumnName">The series, a column of type Single or Double; NaN where a value is missing.</param>
    /// <param name="scoreColumnName">The forecasts: at each row a vector of known size of type Single or Double, the values of the next rows.</param>
    /// <param name="firstRow">
    /// The first row, counted from 0, whose forecast is evaluated: the first row that was not used for training. Forecasts of the rows before
    /// it are not computed. 0 or more.
    /// </param>
    /// <param name="season">The season in rows, for the seasonal baselines and MASE, for example 52 for weekly rows with a yearly pattern; 1 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has another type, or a number is outside its range.</exception>
    /// <exception cref="InvalidDataException">No forecast could be evaluated; the message says why.</exception>
    public static ForecastScores Evaluate(
        this ForecastingCatalog catalog, IDataView data, string labelColumnName, string scoreColumnName, int firstRow, int season = 1)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(data);
        DataViewSchema.Column label = Find(data.Schema, "label", labelColumnName);
        DataViewSchema.Column score = Find(data.Schema, "score", scoreColumnName);
        if (!SeriesReader.IsNumber(label.Type)) throw Mismatch("label", label, "Single or Double");
        if (score.Type is not VectorDataViewType { IsKnownSize: true } type || !SeriesReader.IsNumber(type.ItemType))
            throw Mismatch("score", score, "a known-size vector of Single or Double");
        var protocol = new ForecastProtocol(firstRow, type.Size, season);
        protocol.Validate();

        var series = new List<double>();
        var forecasts = new List<double>();
        using DataViewRowCursor cursor = data.GetRowCursor([label, score]);
        ValueGetter<double> readLabel = SeriesReader.Getter(cursor, label);
        ValueGetter<VBuffer<double>> readScore = VectorGetter(cursor, score, type);
        double value = 0;
        VBuffer<double> forecast = default;
        while (cursor.MoveNext())
        {
            readLabel(ref value);
            series.Add(value);
            if (series.Count <= firstRow) continue;
            readScore(ref forecast);
            forecasts.AddRange(forecast.DenseValues());
        }

        return ForecastEvaluation.Evaluate(series.ToArray(), forecasts.ToArray(), protocol);
    }

    private static ValueGetter<VBuffer<double>> VectorGetter(DataViewRow row, DataViewSchema.Column column, VectorDataViewType type)
    {
        if (type.ItemType.Equals(NumberDataViewType.Double)) return row.GetGetter<VBuffer<double>>(column);
        ValueGetter<VBuffer<float>> single = row.GetGetter<VBuffer<float>>(column);
        VBuffer<float> read = default;
        return (ref VBuffer<double> values) =>
        {
            single(ref read);
            var editor = VBufferEditor.Create(ref values, type.Size);
            editor.Values.Clear();
            foreach (var (index, value) in read.Items()) editor.Values[index] = value;
            values = editor.Commit();
        };
    }

    private static DataViewSchema.Column Find(DataViewSchema schema, string role, string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return schema.GetColumnOrNull(name) ?? throw new ArgumentOutOfRangeException(nameof(schema), ColumnErrors.NotFound(role, name, schema.Select(column => column.Name)));
    }

    private static ArgumentOutOfRangeException Mismatch(string role, DataViewSchema.Column column, string expected) =>
        new(nameof(column), $"Schema mismatch for {role} column '{column.Name}': expected {expected}, got {column.Type}");
}
