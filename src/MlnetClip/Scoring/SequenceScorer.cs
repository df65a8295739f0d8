using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlnetClip.Scoring;

/// <summary>The trained network as a map from a row's window to the forecast of what follows it. A window with a NaN has a forecast of NaN.</summary>
/// <param name="model">The trained model.</param>
/// <param name="inputColumnName">The column of windows: vectors of <see cref="LstmForecastingModelParameters.WindowSize"/> values of type Double, in the data's unit, oldest first.</param>
/// <param name="outputColumnName">The column to add: vectors of <see cref="LstmForecastingModelParameters.Horizon"/> values of type Double.</param>
internal sealed class SequenceScorer(LstmForecastingModelParameters model, string inputColumnName, string outputColumnName) : IRowScorer
{
    /// <inheritdoc/>
    public string InputColumnName => inputColumnName;

    /// <summary>The type of the windows.</summary>
    public VectorDataViewType InputType { get; } = new(NumberDataViewType.Double, model.WindowSize);

    /// <inheritdoc/>
    public DataViewSchema.DetachedColumn[] OutputColumns { get; } = [new(outputColumnName, new VectorDataViewType(NumberDataViewType.Double, model.Horizon))];

    /// <inheritdoc/>
    public Delegate?[] CreateGetters(DataViewRow input, Func<int, bool> isActive, out Action? disposer)
    {
        disposer = null;
        if (!isActive(0)) return [null];
        var getter = new Getter(model, input, input.GetGetter<VBuffer<double>>(input.Schema[inputColumnName]));
        disposer = getter.Dispose;
        return [(ValueGetter<VBuffer<double>>)getter.Get];
    }

    /// <summary>The memory of one row or cursor. The forecast is computed when a getter first reads it, at most once for each row.</summary>
    private sealed class Getter(LstmForecastingModelParameters model, DataViewRow input, ValueGetter<VBuffer<double>> readWindow)
    {
        private readonly double[] _window = new double[model.WindowSize];
        private readonly double[] _forecast = new double[model.Horizon];
        private WindowPredictor? _predictor = model.Predictors.Rent();
        private VBuffer<double> _buffer;
        private long _position = -1;

        public void Get(ref VBuffer<double> destination)
        {
            ObjectDisposedException.ThrowIf(_predictor is null, typeof(DataViewRow));
            if (input.Position != _position || _position < 0)
            {
                readWindow(ref _buffer);
                if (_buffer.Length != _window.Length)
                    throw new InvalidDataException($"A window must have {_window.Length} values, but row {input.Position} (from 0) has {_buffer.Length}.");
                _buffer.CopyTo(_window);
                _predictor.Forecast(_window, _forecast);
                _position = input.Position;
            }

            var editor = VBufferEditor.Create(ref destination, _forecast.Length);
            _forecast.CopyTo(editor.Values);
            destination = editor.Commit();
        }

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _predictor, null) is { } predictor) model.Predictors.Return(predictor);
        }
    }
}
