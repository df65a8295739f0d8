using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlnetClip.Scoring;

/// <summary>Values of one column in the rows of a block.</summary>
internal abstract class RowBuffer
{
    /// <summary>Whether values of a type can be kept: those that Microsoft.ML itself keeps when it reads rows in parallel.</summary>
    public static bool CanKeep(DataViewType type) => type is PrimitiveDataViewType or VectorDataViewType;

    /// <summary>Creates the buffer of a column.</summary>
    /// <param name="cursor">The rows.</param>
    /// <param name="column">A column that is active, of a type that can be kept.</param>
    /// <param name="rows">The most rows of a block.</param>
    public static RowBuffer Of(DataViewRow cursor, DataViewSchema.Column column, int rows)
    {
        Type kind = column.Type is VectorDataViewType vector ? typeof(Vectors<>).MakeGenericType(vector.ItemType.RawType) : typeof(Scalars<>).MakeGenericType(column.Type.RawType);
        return (RowBuffer)Activator.CreateInstance(kind, cursor, column, rows)!;
    }

    /// <summary>Keeps the cursor's current value as that of a row of the block.</summary>
    /// <returns>The number of values kept.</returns>
    public abstract int Read(int row);

    /// <summary>A getter of the block's row that <paramref name="current"/> gives.</summary>
    public abstract Delegate GetterOf(Func<int> current);

    private sealed class Scalars<T>(DataViewRow cursor, DataViewSchema.Column column, int rows) : RowBuffer
    {
        private readonly ValueGetter<T> _read = cursor.GetGetter<T>(column);
        private readonly T[] _values = new T[rows];

        public override int Read(int row)
        {
            _read(ref _values[row]);
            return 1;
        }

        public override Delegate GetterOf(Func<int> current) => (ValueGetter<T>)((ref T destination) => destination = _values[current()]);
    }

    /// <summary>Vectors of a column.</summary>
    public sealed class Vectors<T>(DataViewRow cursor, DataViewSchema.Column column, int rows) : RowBuffer
    {
        private readonly ValueGetter<VBuffer<T>> _read = cursor.GetGetter<VBuffer<T>>(column);

        /// <summary>The vectors of the block's rows.</summary>
        public VBuffer<T>[] Rows { get; } = new VBuffer<T>[rows];

        public override int Read(int row)
        {
            _read(ref Rows[row]);
            return Rows[row].GetValues().Length;
        }

        public override Delegate GetterOf(Func<int> current) => (ValueGetter<VBuffer<T>>)((ref VBuffer<T> destination) => Rows[current()].CopyTo(ref destination));
    }
}
