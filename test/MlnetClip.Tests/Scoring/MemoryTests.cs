using Microsoft.ML;
using Microsoft.ML.Data;
using MlnetClip.Tests.Sequences;

namespace MlnetClip.Tests.Scoring;

/// <summary>Reading scores takes the same memory however many rows there are.</summary>
[TestClass]
public sealed class MemoryTests
{
    private const int First = 500, Rows = 5000;
    private const double BytesPerRow = 4; // less than any object

    [TestMethod]
    public void ForecastsOfFurtherRowsAllocateNothing()
    {
        var context = new MLContext(seed: 1);
        LstmForecastingTransformer model = Forecasts.Fit(context, options => options.LinearPart = LinearPartUse.None);
        Check<VBuffer<float>>(model, Forecasts.View(context, Forecasts.Wave(First + Rows)), "Forecast");
    }

    [TestMethod]
    public void ScoresOfFurtherSequencesAllocateNothing()
    {
        var context = new MLContext(seed: 1);
        ITransformer model = context.BinaryClassification.Trainers.Lstm(Pulse.Small<LstmBinaryTrainer.Options>(nameof(Pulse.IsLate))).Fit(Pulse.View(context, 64));
        Check<float>(model, Pulse.View(context, First + Rows), "Score");
    }

    private sealed class Reading
    {
        public int Store { get; set; }

        public float Value { get; set; }
    }

    [TestMethod]
    public void ForecastsOfSeriesThatNumbersNameAllocateNothing()
    {
        var context = new MLContext(seed: 1);
        float[] wave = Forecasts.Wave(First + Rows);
        IDataView rows = context.Data.LoadFromEnumerable(wave.Select((value, row) => new Reading { Store = 1000 + (row % 2), Value = value }).ToArray());
        var trainer = context.Forecasting.ForecastByLstm(Forecasts.Options(options => (options.GroupColumnName, options.LinearPart) = ("Store", LinearPartUse.None)));
        Check<VBuffer<float>>(trainer.Fit(context.Data.TakeRows(rows, 200)), rows, "Forecast");
    }

    private static void Check<T>(ITransformer model, IDataView rows, string name)
    {
        IDataView scored = model.Transform(rows);
        DataViewSchema.Column column = scored.Schema[name];
        using DataViewRowCursor cursor = scored.GetRowCursor([column]);
        ValueGetter<T> getter = cursor.GetGetter<T>(column);
        T value = default!;
        for (int row = 0; row < First; row++) Read();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int row = 0; row < Rows; row++) Read();
        Assert.IsLessThan(BytesPerRow, (GC.GetAllocatedBytesForCurrentThread() - before) / (double)Rows);

        void Read()
        {
            Assert.IsTrue(cursor.MoveNext());
            getter(ref value);
        }
    }


}
