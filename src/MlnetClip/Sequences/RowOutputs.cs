using Microsoft.ML;
using Microsoft.ML.Data;
using MlnetClip.Scoring;

namespace MlnetClip.Sequences;

/// <summary>The network over the sequences of one row or cursor: computed when a getter first reads them, at most once for each row.</summary>
internal sealed class RowOutputs : IDisposable
{
    private readonly LstmModelParameters _model;
    private readonly DataViewRow _input;
    private readonly AheadOutputs? _ahead;
    private readonly Action<SequenceNetwork> _predict = _ => { };
    private SequenceNetwork? _network;
    private long _position = -1;

    /// <param name="model">The trained model.</param>
    /// <param name="input">The row to read; it changes as its cursor moves.</param>
    /// <param name="column">The column of sequences.</param>
    public RowOutputs(LstmModelParameters model, DataViewRow input, DataViewSchema.Column column)
    {
        (_model, _input, _network) = (model, input, model.Networks.Rent());
        if (input is ReadAheadCursor cursor && cursor.TryReadAhead())
        {
            _ahead = new AheadOutputs(cursor, column, model.Input.HasKeys);
        }
        else if (model.Input.HasKeys)
        {
            var read = input.GetGetter<VBuffer<uint>>(column);
            VBuffer<uint> keys = default;
            _predict = network =>
            {
                read(ref keys);
                network.Predict(keys, column.Name, input.Position);
            };
        }
        else
        {
            var read = input.GetGetter<VBuffer<float>>(column);
            VBuffer<float> values = default;
            _predict = network =>
            {
                read(ref values);
                network.Predict(values, column.Name, input.Position);
            };
        }
    }

    /// <summary>The head's outputs for the current row; all NaN where it cannot be predicted.</summary>
    public ReadOnlySpan<float> Values
    {
        get
        {
            ObjectDisposedException.ThrowIf(_network is null, typeof(DataViewRow));
            if (_ahead is not null) return _ahead.Of(_network.Block);
            if (_input.Position != _position || _position < 0)
            {
                _predict(_network);
                _position = _input.Position;
            }

            return _network.Outputs;
        }
    }

    /// <summary>Returns the network to the pool.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _network, null) is { } network) _model.Networks.Return(network);
    }
}
