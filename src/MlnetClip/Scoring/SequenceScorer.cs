using Microsoft.ML;
using Microsoft.ML.Data;
using MlnetClip.Data;
using MlnetClip.Forecasting;
using MlnetClip.MLNetInternals;

namespace MlnetClip.Scoring;

/// <summary>
/// The trained network as a map from a row's window to the forecast of what follows it. A window with a NaN in a target has a forecast of NaN.
/// </summary>
/// <param name="model">The trained model.</param>
/// <param name="inputColumnName">The column of windows: vectors of type Double in the data's unit, see <see cref="WindowLayout"/>; for a single target without covariates its values, oldest first.</param>
/// <param name="outputs">The columns to add: each a vector of <see cref="LstmForecastingModelParameters.Horizon"/> values of type Double.</param>
internal sealed class SequenceScorer(LstmForecastingModelParameters model, string inputColumnName, IReadOnlyList<ForecastOutput> outputs) : IRowScorer
{
    /// <inheritdoc/>
    public string InputColumnName => inputColumnName;

    /// <summary>The type of the windows.</summary>
    public VectorDataViewType InputType { get; } = new(NumberDataViewType.Double, checked((int)model.Layout.Length));

    /// <inheritdoc/>
    public DataViewSchema.DetachedColumn[] OutputColumns { get; } =
        [.. outputs.Select(output => new DataViewSchema.DetachedColumn(output.Column, new VectorDataViewType(NumberDataViewType.Double, model.Horizon)))];

    /// <inheritdoc/>
    public Delegate?[] CreateGetters(DataViewRow input, Func<int, bool> isActive, out Action? disposer)
    {
        disposer = null;
        var getters = new Delegate?[outputs.Count];
        Memory? memory = null;
        for (int i = 0; i < getters.Length; i++)
        {
            if (!isActive(i)) continue;
            memory ??= new Memory(model, input, input.GetGetter<VBuffer<double>>(input.Schema[inputColumnName]));
            disposer = memory.Dispose;
            ForecastOutput output = outputs[i];
            Memory used = memory;
            getters[i] = (ValueGetter<VBuffer<double>>)((ref VBuffer<double> destination) => used.Get(output, ref destination));
        }

        return getters;
    }

    /// <summary>Throws: a window is not a column of the rows. The forecaster's view says how a forecaster is exported.</summary>
    void IRowScorer.WriteOnnx(OnnxGraph graph) => throw new NotSupportedException("The windows of a forecaster cannot be part of an ONNX model of rows.");

    /// <summary>The memory of one row or cursor. The forecast is computed when a getter first reads it, at most once for each row.</summary>
    private sealed class Memory(LstmForecastingModelParameters model, DataViewRow input, ValueGetter<VBuffer<double>> readWindow)
    {
        private readonly AheadRange? _ahead = input is WindowRow { Cursor: { } cursor } ? new AheadRange(cursor) : null;
        private readonly int _size = model.Layout.Targets * model.Head.Levels * model.Horizon;
        private double[] _window = [], _levels = [];
        private WindowPredictor? _predictor = model.Predictors.Rent();
        private VBuffer<double> _buffer;
        private long _position = -1;

        public void Get(ForecastOutput output, ref VBuffer<double> destination)
        {
            ObjectDisposedException.ThrowIf(_predictor is null, typeof(DataViewRow));
            int row = 0;
            if (_ahead is not null) row = ForecastAhead(_predictor, (WindowRow)input, _ahead);
            else if (input.Position != _position || _position < 0) Forecast(_predictor);
            var editor = VBufferEditor.Create(ref destination, model.Horizon);
            _predictor.Select(output, _levels.AsSpan(row * _size, _size), editor.Values, row);
            destination = editor.Commit();
        }

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _predictor, null) is { } predictor) model.Predictors.Return(predictor);
        }

        private void Forecast(WindowPredictor predictor)
        {
            readWindow(ref _buffer);
            if (_window.Length == 0) (_window, _levels) = (new double[model.Layout.Length], new double[_size]);
            if (_buffer.Length != _window.Length)
                throw new InvalidDataException($"A window must have {_window.Length} values, but row {input.Position} (from 0) has {_buffer.Length}.");
            _buffer.CopyTo(_window);
            predictor.Forecast(_window, _levels);
            _position = input.Position;
        }

        /// <summary>Forecasts some of the rows that were read ahead at once; returns the current row's number among them.</summary>
        private int ForecastAhead(WindowPredictor predictor, WindowRow windows, AheadRange range)
        {
            if (range.MustPredict(out int end))
            {
                int count = end - range.First;
                if (_levels.Length < count * _size) _levels = new double[count * _size];
                predictor.Forecast(windows.WindowsOf(range.First, end), count, _levels.AsSpan(0, count * _size));
                range.Predicted(end);
            }

            return windows.Cursor!.Index - range.First;
        }
    }
}
