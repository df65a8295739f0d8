using System.Reflection;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>Loads text files into data views.</summary>
public static class TextLoaderSaverCatalog
{
    public static IDataView LoadFromTextFile<TInput>(this DataOperationsCatalog catalog, string path, char separatorChar = '\t',
        bool hasHeader = false, bool allowQuoting = false, bool trimWhitespace = false, bool allowSparse = false)
    {
        if (allowSparse)
            throw Unsupported.Member($"{nameof(LoadFromTextFile)}({nameof(allowSparse)})");
        return LoadFromTextFile<TInput>(catalog, path, new TextLoader.Options
        {
            Separators = [separatorChar],
            HasHeader = hasHeader,
            AllowQuoting = allowQuoting,
            TrimWhitespace = trimWhitespace,
        });
    }

    public static IDataView LoadFromTextFile<TInput>(this DataOperationsCatalog catalog, string path, TextLoader.Options options)
    {
        Contracts.CheckNonEmpty(path, nameof(path));
        if (path.AsSpan().ContainsAny('*', '?', '+') && !File.Exists(path))
            throw Unsupported.Member($"{nameof(LoadFromTextFile)} of several files");
        Contracts.CheckParam(File.Exists(path), nameof(path), $"File or directory does not exist at path: {path}");
        return new TextDataView(catalog.GetEnvironment(), path, options ?? new TextLoader.Options(), Columns(typeof(TInput)));
    }

    private static TextColumn[] Columns(Type type)
    {
        IEnumerable<MemberInfo> fields = type.GetFields(BindingFlags.Public | BindingFlags.Instance);
        IEnumerable<MemberInfo> properties = type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(p => p.GetGetMethod() is not null && p.GetIndexParameters().Length == 0);
        MemberInfo[] members = [.. fields.Concat(properties)];
        Contracts.CheckParam(members.Length > 0, "TInput", "Should define at least one public, readable field or property in TInput.");
        return [.. members.Select(Column)];
    }

    private static TextColumn Column(MemberInfo member)
    {
        string kind = member is FieldInfo ? "Field" : "Property";
        int[] sources = member.GetCustomAttribute<LoadColumnAttribute>()?.Fields
            ?? throw Contracts.Except($"{kind} '{member.Name}' is missing the {nameof(LoadColumnAttribute)} attribute");
        Type type = MemberColumn.TypeOf(member);
        PrimitiveDataViewType item = DataTypes.ForMember(type.IsArray ? type.GetElementType() : type)
            ?? throw Contracts.Except($"{kind} {member.Name} is of unsupported type.");
        string name = member.GetCustomAttribute<ColumnNameAttribute>()?.Name ?? member.Name;
        Contracts.CheckUserArg(sources.Distinct().Count() == sources.Length, "Source", $"Intervals specified for column '{name}' overlap");
        // Whether it is a vector is decided by the number of fields, not by the member.
        return new TextColumn(name, sources.Length > 1 ? new VectorDataViewType(item, sources.Length) : item, sources);
    }
}
