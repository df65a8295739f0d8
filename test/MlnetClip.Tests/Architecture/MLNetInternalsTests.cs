using System.Reflection;
using System.Reflection.Emit;

namespace MlnetClip.Tests.Architecture;

/// <summary>Internal members of Microsoft.ML are used in one folder only: read from the signatures and instructions of the built assembly.</summary>
[TestClass]
public sealed class MLNetInternalsTests
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<int, OpCode> Instructions = typeof(OpCodes).GetFields()
        .Select(f => (OpCode)f.GetValue(null)!).ToDictionary(o => (int)(ushort)o.Value);

    private static readonly ILookup<bool, (Type User, MemberInfo Used)> Uses = typeof(LstmForecastingTrainer).Assembly.GetTypes()
        .SelectMany(type => UsedBy(type).Where(IsInternalOfMLNet).Distinct().Select(used => (User: type, Used: used)))
        .ToLookup(use => NamespaceOf(use.User) == "MlnetClip.MLNetInternals");

    [TestMethod]
    public void NobodyElseUsesThem() =>
        Assert.IsEmpty(Uses[false], string.Join('\n', Uses[false].Select(u => $"{u.User} uses {u.Used.DeclaringType}.{u.Used.Name}")));

    [TestMethod]
    [DataRow("ModelLoadContext")]
    [DataRow("CheckAtModel")]
    public void TheFolderDoes(string used) => Assert.Contains(used, Uses[true].Select(u => u.Used.Name).ToList());

    private static bool IsInternalOfMLNet(MemberInfo member)
    {
        Type type = member as Type ?? member.DeclaringType!;
        if (!type.Assembly.GetName().Name!.StartsWith("Microsoft.ML", StringComparison.Ordinal)) return false;
        return !type.IsVisible || member is MethodBase { IsAssembly: true } or FieldInfo { IsAssembly: true };
    }

    private static IEnumerable<MemberInfo> UsedBy(Type type)
    {
        IEnumerable<Type> inSignatures = [.. type.BaseType is { } b ? [b] : Type.EmptyTypes, .. type.GetInterfaces(), .. type.GetFields(Declared).Select(f => f.FieldType)];
        IEnumerable<MethodBase> methods = [.. type.GetMethods(Declared), .. type.GetConstructors(Declared)];
        return inSignatures.Concat(methods.SelectMany(TypesOf)).SelectMany(Parts).Concat(methods.SelectMany(InInstructions));
    }

    private static IEnumerable<Type> TypesOf(MethodBase method) =>
    [
        .. method.GetParameters().Select(p => p.ParameterType),
        .. method is MethodInfo { ReturnType: var result } ? [result] : Type.EmptyTypes,
        .. method.GetMethodBody()?.LocalVariables.Select(v => v.LocalType) ?? [],
    ];

    // Arrays, references and generic types are visible or not by what they are made of.
    private static IEnumerable<Type> Parts(Type type) =>
        type.HasElementType ? Parts(type.GetElementType()!)
        : type.IsGenericParameter ? []
        : type.IsConstructedGenericType ? type.GetGenericArguments().SelectMany(Parts).Append(type.GetGenericTypeDefinition())
        : [type];

    private static IEnumerable<MemberInfo> InInstructions(MethodBase method)
    {
        byte[] code = method.GetMethodBody()?.GetILAsByteArray() ?? [];
        for (int at = 0; at < code.Length;)
        {
            OpCode instruction = Instructions[code[at] == 0xFE ? (code[at++] << 8) | code[at++] : code[at++]];
            switch (instruction.OperandType)
            {
                case OperandType.InlineMethod or OperandType.InlineField or OperandType.InlineType or OperandType.InlineTok:
                    MemberInfo used = method.Module.ResolveMember(BitConverter.ToInt32(code, at), method.DeclaringType!.GetGenericArguments(), method is MethodInfo m ? m.GetGenericArguments() : null)!;
                    yield return used;
                    foreach (Type part in used is Type type ? Parts(type) : Parts(used.DeclaringType!).Concat(used is MethodInfo { IsGenericMethod: true } g ? g.GetGenericArguments().SelectMany(Parts) : []))
                        yield return part;
                    break;
                case OperandType.InlineSwitch:
                    at += 4 * BitConverter.ToInt32(code, at);
                    break;
            }

            at += SizeOf(instruction.OperandType);
        }
    }

    private static int SizeOf(OperandType operand) => operand switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        _ => 4,
    };

    // Closures and iterators lie in the type that wrote them.
    private static string? NamespaceOf(Type type) => type.DeclaringType is { } outer ? NamespaceOf(outer) : type.Namespace;
}
