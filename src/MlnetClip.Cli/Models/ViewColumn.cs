using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlnetClip.Cli.Models;

/// <summary>A column of a <see cref="TableView"/>: its name, its type, and a getter for the row that a cursor is at.</summary>
/// <param name="Name">The name.</param>
/// <param name="Type">The type.</param>
/// <param name="GetterOf">Creates a <see cref="ValueGetter{TValue}"/> from a function that says which row is read.</param>
internal sealed record ViewColumn(string Name, DataViewType Type, Func<Func<int>, Delegate> GetterOf)
{
    /// <summary>Numbers in double precision.</summary>
    public static ViewColumn Number(string name, double[] values) =>
        new(name, NumberDataViewType.Double, row => (ValueGetter<double>)((ref double value) => value = values[row()]));

    /// <summary>Numbers in single precision.</summary>
    public static ViewColumn Single(string name, double[] values) =>
        new(name, NumberDataViewType.Single, row => (ValueGetter<float>)((ref float value) => value = (float)values[row()]));

    /// <summary>Truth values: 0 is false.</summary>
    public static ViewColumn Truth(string name, double[] values) =>
        new(name, BooleanDataViewType.Instance, row => (ValueGetter<bool>)((ref bool value) => value = values[row()] != 0));

    /// <summary>Texts.</summary>
    public static ViewColumn Text(string name, string[] values) =>
        new(name, TextDataViewType.Instance, row => (ValueGetter<ReadOnlyMemory<char>>)((ref ReadOnlyMemory<char> value) => value = values[row()].AsMemory()));

    /// <summary>Times.</summary>
    public static ViewColumn Time(string name, DateTime[] values) =>
        new(name, DateTimeDataViewType.Instance, row => (ValueGetter<DateTime>)((ref DateTime value) => value = values[row()]));

    /// <summary>Vectors of numbers in single precision, of one size, or of any where the size is 0.</summary>
    public static ViewColumn Vector(string name, float[][] values, int size) =>
        new(name, size > 0 ? new VectorDataViewType(NumberDataViewType.Single, size) : new VectorDataViewType(NumberDataViewType.Single), row => Copy(values, row));

    /// <summary>Vectors of texts of any size.</summary>
    public static ViewColumn Texts(string name, ReadOnlyMemory<char>[][] values, int size) =>
        new(name, size > 0 ? new VectorDataViewType(TextDataViewType.Instance, size) : new VectorDataViewType(TextDataViewType.Instance), row => Copy(values, row));

    private static ValueGetter<VBuffer<T>> Copy<T>(T[][] values, Func<int> row) => (ref VBuffer<T> value) =>
    {
        T[] source = values[row()];
        VBufferEditor<T> editor = VBufferEditor.Create(ref value, source.Length);
        source.CopyTo(editor.Values);
        value = editor.Commit();
    };
}
