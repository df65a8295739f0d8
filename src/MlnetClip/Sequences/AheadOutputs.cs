using Microsoft.ML;
using Microsoft.ML.Data;
using MlnetClip.Scoring;

namespace MlnetClip.Sequences;

/// <summary>The network over the sequences of a cursor that reads ahead: several of them are predicted at once, when a getter first reads one.</summary>
/// <param name="cursor">The cursor, which reads ahead.</param>
/// <param name="column">The column of sequences.</param>
/// <param name="hasKeys">Whether they are keys.</param>
internal sealed class AheadOutputs(ReadAheadCursor cursor, DataViewSchema.Column column, bool hasKeys)
{
    private readonly AheadRange _range = new(cursor);

    /// <summary>The head's outputs for the current row; all NaN where it cannot be predicted.</summary>
    /// <exception cref="InvalidDataException">The row's sequence is not one.</exception>
    public ReadOnlySpan<float> Of(SequenceBlock block)
    {
        if (_range.MustPredict(out int end))
        {
            block.Clear();
            int row = _range.First;
            for (; row < end; row++)
            {
                try
                {
                    if (hasKeys) block.Add(cursor.VectorsOf<uint>(column)[row], column.Name, cursor.PositionOf(row));
                    else block.Add(cursor.VectorsOf<float>(column)[row], column.Name, cursor.PositionOf(row));
                }
                catch (InvalidDataException) when (row > _range.First)
                {
                    break; // thrown when that row is read
                }
            }

            block.Predict();
            _range.Predicted(row);
        }

        return block.OutputsOf(cursor.Index - _range.First);
    }
}
