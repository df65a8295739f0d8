namespace MlnetClip.Onnx.Files;

/// <summary>The numbers of the element types of tensors in ONNX files.</summary>
internal static class OnnxElement
{
    public const int Float = 1, Double = 11;

    private static readonly Dictionary<Type, (int Number, string Name)> s_types = new()
    {
        [typeof(float)] = (Float, "float"),
        [typeof(byte)] = (2, "uint8"),
        [typeof(sbyte)] = (3, "int8"),
        [typeof(ushort)] = (4, "uint16"),
        [typeof(short)] = (5, "int16"),
        [typeof(int)] = (6, "int32"),
        [typeof(long)] = (7, "int64"),
        [typeof(string)] = (8, "string"),
        [typeof(bool)] = (9, "bool"),
        [typeof(double)] = (Double, "double"),
        [typeof(uint)] = (12, "uint32"),
        [typeof(ulong)] = (13, "uint64"),
    };

    /// <summary>The number of a .NET type.</summary>
    public static int Of(Type type) => s_types[type].Number;

    /// <summary>ONNX's name of a .NET type.</summary>
    public static string NameOf(Type type) => s_types[type].Name;
}
