using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlnetClip.Transforms;

/// <summary>The values of one column for the rows that are held in memory.</summary>
internal abstract class RowBuffer
{
    /// <summary>Values of the column in a row: 1, or the size of its vectors.</summary>
    public abstract int Width { get; }

    /// <summary>Adds the value of the current row.</summary>
    public abstract void Append();

    /// <summary>Removes the first rows.</summary>
    public abstract void RemoveFirst(int rows);

    /// <summary>Removes all rows.</summary>
    public abstract void Clear();

    /// <summary>Compares the values of two rows, for sorting.</summary>
    public abstract int Compare(int row, int other);

    /// <summary>Whether the value of a row is NaN or a missing key.</summary>
    public abstract bool IsMissing(int row);

    /// <summary>A getter for the value of the row that a function names.</summary>
    public abstract Delegate Single(Func<int> row);

    /// <summary>A getter for a vector with the values of some rows, row by row and in each row column by column.</summary>
    /// <param name="columns">The columns, all of this one's type, this one first.</param>
    /// <param name="rows">The rows.</param>
    public abstract Delegate Vector(IReadOnlyList<RowBuffer> columns, IReadOnlyList<int> rows);

    /// <summary>Opens a column of a row or cursor.</summary>
    public static RowBuffer Open(DataViewRow row, DataViewSchema.Column column)
    {
        var vector = column.Type as VectorDataViewType;
        Type raw = vector?.ItemType.RawType ?? column.Type.RawType;
        return (RowBuffer)Activator.CreateInstance(typeof(RowBuffer<>).MakeGenericType(raw), row, column, vector?.Size)!;
    }
}
