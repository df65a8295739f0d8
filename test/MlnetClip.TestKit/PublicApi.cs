using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace MlnetClip.TestKit;

/// <summary>Lists what an assembly offers its users, a member a line, and compares it with the text that was agreed on.</summary>
public static class PublicApi
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly NullabilityInfoContext Nullability = new();

    /// <summary>
    /// Fails when the assembly's public members differ from the file <c>test/{assembly}.Tests/PublicApi/{assembly}.txt</c>.
    /// With the environment variable UPDATE_PUBLIC_API set it writes the file instead.
    /// </summary>
    public static void Check(Assembly assembly)
    {
        string name = assembly.GetName().Name!;
        string path = Path.Combine(RepositoryFiles.Root, "test", $"{name}.Tests", "PublicApi", $"{name}.txt");
        string found = Describe(assembly);
        if (Environment.GetEnvironmentVariable("UPDATE_PUBLIC_API") is { Length: > 0 })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, found);
        }

        string[] agreed = File.Exists(path) ? File.ReadAllLines(path) : [];
        string[] lines = found.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var changes = lines.Except(agreed).Select(line => "+ " + line).Concat(agreed.Except(lines).Select(line => "- " + line)).ToList();
        if (changes.Count == 0) return;
        Assert.Fail(
            $"The public API of {name} differs from PublicApi/{name}.txt:\n{string.Join('\n', changes)}\n"
            + "Hint: if the change is meant, run this test with UPDATE_PUBLIC_API=1 and commit the file.");
    }

    /// <summary>The public and protected members of an assembly, sorted, a line each.</summary>
    public static string Describe(Assembly assembly)
    {
        var text = new StringBuilder();
        foreach (Type type in assembly.GetExportedTypes().OrderBy(type => type.FullName, StringComparer.Ordinal))
        {
            text.Append(Head(type)).Append('\n');
            var members = type.GetMembers(Declared)
                .Where(member => type.BaseType != typeof(MulticastDelegate) || member.Name == "Invoke")
                .Select(Line).OfType<string>()
                .Select(line => $"{Name(type)}: {line}\n").Order(StringComparer.Ordinal);
            text.AppendJoin("", members);
        }

        return text.ToString();
    }

    private static string Head(Type type)
    {
        string kind = type switch
        {
            { IsEnum: true } => "enum",
            { IsInterface: true } => "interface",
            { IsValueType: true } => "struct",
            { IsAbstract: true, IsSealed: true } => "static class",
            { IsAbstract: true } => "abstract class",
            { IsSealed: true } => "sealed class",
            _ => "class",
        };
        var bases = new List<Type>();
        if (type is { IsClass: true, BaseType: { } parent } && parent != typeof(object)) bases.Add(parent);
        bases.AddRange(type.GetInterfaces().Where(face => face.IsPublic).OrderBy(face => face.FullName, StringComparer.Ordinal));
        string list = type.IsEnum || bases.Count == 0 ? "" : " : " + string.Join(", ", bases.Select(Name));
        return $"{kind} {type.Namespace}.{Name(type)}{list}";
    }

    private static string? Line(MemberInfo member)
    {
        if (member.IsDefined(typeof(CompilerGeneratedAttribute)) && member is not FieldInfo { IsLiteral: true }) return null;
        switch (member)
        {
            case FieldInfo { IsSpecialName: false } field when Visible(field.Attributes & FieldAttributes.FieldAccessMask):
                if (field.IsLiteral) return field.DeclaringType!.IsEnum
                    ? $"{field.Name} = {field.GetRawConstantValue()}"
                    : $"const {Name(field.FieldType)} {field.Name} = {field.GetRawConstantValue()}";
                return $"{(field.IsStatic ? "static " : "")}{(field.IsInitOnly ? "readonly " : "")}{Name(Nullability.Create(field))} {field.Name}";
            case PropertyInfo property:
                string accessors = string.Concat(Accessor(property.GetMethod, "get"), Accessor(property.SetMethod, IsInit(property) ? "init" : "set"));
                if (accessors.Length == 0) return null;
                string index = string.Join(", ", property.GetIndexParameters().Select(Parameter));
                return $"{Modifier((property.GetMethod ?? property.SetMethod)!)}{(property.IsDefined(typeof(RequiredMemberAttribute)) ? "required " : "")}"
                    + $"{Name(Nullability.Create(property))} {property.Name}{(index.Length > 0 ? $"[{index}]" : "")} {{ {accessors}}}";
            case ConstructorInfo constructor when !constructor.IsStatic && Visible((FieldAttributes)(constructor.Attributes & MethodAttributes.MemberAccessMask)):
                return $"new({string.Join(", ", constructor.GetParameters().Select(Parameter))})";
            case MethodInfo method when !(method.IsSpecialName && !method.Name.StartsWith("op_", StringComparison.Ordinal))
                && Visible((FieldAttributes)(method.Attributes & MethodAttributes.MemberAccessMask)):
                string generics = method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(Name))}>" : "";
                return $"{Modifier(method)}{Name(Nullability.Create(method.ReturnParameter))} {method.Name}{generics}({string.Join(", ", method.GetParameters().Select(Parameter))})";
            case EventInfo @event when @event.AddMethod is { IsPublic: true }:
                return $"event {Name(@event.EventHandlerType!)} {@event.Name}";
            default:
                return null;
        }
    }

    private static bool Visible(FieldAttributes access) => access is FieldAttributes.Public or FieldAttributes.Family or FieldAttributes.FamORAssem;

    private static bool IsInit(PropertyInfo property) =>
        property.SetMethod?.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) == true;

    private static string Accessor(MethodInfo? method, string word) =>
        method is not null && Visible((FieldAttributes)(method.Attributes & MethodAttributes.MemberAccessMask)) ? $"{word}; " : "";

    private static string Modifier(MethodInfo method) => method switch
    {
        { IsStatic: true } => "static ",
        { DeclaringType.IsInterface: true } => "",
        { IsAbstract: true } => "abstract ",
        _ when method.GetBaseDefinition().DeclaringType != method.DeclaringType => "override ",
        { IsVirtual: true, IsFinal: false } => "virtual ",
        _ => "",
    };

    private static string Parameter(ParameterInfo parameter)
    {
        string direction = parameter switch
        {
            { IsOut: true } => "out ",
            { IsIn: true, ParameterType.IsByRef: true } => "in ",
            { ParameterType.IsByRef: true } => "ref ",
            _ => "",
        };
        string absent = !parameter.HasDefaultValue ? "" : parameter.RawDefaultValue switch
        {
            null => " = default",
            string value => $" = \"{value}\"",
            var value => FormattableString.Invariant($" = {value}"),
        };
        return $"{direction}{Name(Nullability.Create(parameter))} {parameter.Name}{absent}";
    }

    private static string Name(NullabilityInfo info)
    {
        Type type = info.Type.IsByRef ? info.Type.GetElementType()! : info.Type;
        bool marked = info.ReadState == NullabilityState.Nullable && !type.IsValueType;
        return Name(type) + (marked ? "?" : "");
    }

    private static string Name(Type type)
    {
        if (type.IsByRef) return Name(type.GetElementType()!);
        if (type.IsArray) return Name(type.GetElementType()!) + "[]";
        if (Nullable.GetUnderlyingType(type) is { } value) return Name(value) + "?";
        string name = type.IsNested && !type.IsGenericParameter ? $"{Name(type.DeclaringType!)}.{type.Name}" : type.Name;
        return type.IsGenericType && name.Contains('`', StringComparison.Ordinal)
            ? $"{name[..name.IndexOf('`', StringComparison.Ordinal)]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>"
            : name;
    }
}
