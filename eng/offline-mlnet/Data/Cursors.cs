using System.Reflection;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A cursor that counts its rows, and stands on none before the first and after the last.</summary>
internal abstract class CountingCursor : DataViewRowCursor
{
    private const string NoRow = "Values cannot be fetched at this time. This method was called either before the first call to MoveNext, or at any point after that method returned false.";
    private long _position = -1;
    private bool _done;

    public sealed override long Position => _position;

    public override long Batch => 0;

    public sealed override bool MoveNext()
    {
        if (_done)
            return false;
        if (Advance())
        {
            _position++;
            return true;
        }

        Dispose();
        return false;
    }

    protected abstract bool Advance();

    protected void CheckOnRow() => Contracts.Check(_position >= 0, NoRow);

    protected override void Dispose(bool disposing)
    {
        _done = true;
        _position = -1;
        base.Dispose(disposing);
    }
}

/// <summary>What cursors share in handling columns.</summary>
internal static class Cursors
{
    /// <summary>Which of the schema's columns were asked for.</summary>
    public static bool[] Active(DataViewSchema schema, IEnumerable<DataViewSchema.Column> columnsNeeded)
    {
        Contracts.CheckValue(columnsNeeded, nameof(columnsNeeded));
        var active = new bool[schema.Count];
        foreach (DataViewSchema.Column column in columnsNeeded)
        {
            Contracts.Check(column.Index < schema.Count, $"The requested column: {column} is not part of the schema");
            active[column.Index] = true;
        }

        return active;
    }

    /// <summary>The getter as one of <typeparamref name="TValue"/>, or the error that says what it is.</summary>
    public static ValueGetter<TValue> Typed<TValue>(Delegate getter, DataViewSchema.Column column)
    {
        Contracts.CheckParam(getter is not null, nameof(column), "requested column not active");
        return getter as ValueGetter<TValue> ?? throw Contracts.Except(
            $"Invalid TValue in GetGetter for column #{column}: '{typeof(TValue)}', expected type: '{column.Type.RawType}'.");
    }

    /// <summary>Calls a static generic method with the column's raw type as its argument.</summary>
    public static object Generic(Type owner, string method, Type argument, params object[] arguments) =>
        owner.GetMethod(method, BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public)
            .MakeGenericMethod(argument)
            .Invoke(null, BindingFlags.DoNotWrapExceptions, null, arguments, null);

    /// <summary>How to copy a value so that it shares no buffer with the original.</summary>
    public static Func<T, T> Copier<T>() => DataTypes.ItemOfVector(typeof(T)) is Type item
        ? (Func<T, T>)Generic(typeof(Cursors), nameof(VectorCopier), item)
        : value => value;

    private static Func<VBuffer<T>, VBuffer<T>> VectorCopier<T>() => value =>
    {
        VBuffer<T> copy = default;
        value.CopyTo(ref copy);
        return copy;
    };
}
