using System.Reflection;

namespace Microsoft.ML.Runtime;

/// <summary>
/// How to make an instance of a loadable class: a constructor, or a static method Create that returns exactly the
/// instance type, from (IHostEnvironment, ModelLoadContext) or (ModelLoadContext), of any visibility.
/// </summary>
internal sealed class LoadableClass
{
    private const BindingFlags Any = BindingFlags.Public | BindingFlags.NonPublic;
    private static readonly Type[] Plain = [typeof(ModelLoadContext)];
    private static readonly Type[] WithEnvironment = [typeof(IHostEnvironment), typeof(ModelLoadContext)];

    private readonly Func<IHostEnvironment, ModelLoadContext, object> _create;

    private LoadableClass(Func<IHostEnvironment, ModelLoadContext, object> create) => _create = create;

    /// <summary>Null where the class has no suitable member.</summary>
    public static LoadableClass Find(LoadableClassAttribute attribute)
    {
        if (attribute.SignatureType != typeof(SignatureLoadModel) || attribute.ArgumentType is not null)
            throw Unsupported.Member($"LoadableClass of signature {attribute.SignatureType.Name}");

        Type loader = attribute.LoaderType;
        ConstructorInfo constructor = null;
        if (attribute.InstanceType.IsAssignableFrom(loader))
            constructor = loader.GetConstructor(Any | BindingFlags.Instance, Plain) ?? loader.GetConstructor(Any | BindingFlags.Instance, WithEnvironment);
        MethodInfo method = CreateMethod(attribute, Plain) ?? CreateMethod(attribute, WithEnvironment);

        if (constructor is not null && method is not null)
        {
            int preference = Visibility(constructor).CompareTo(Visibility(method));
            if (preference == 0)
                throw Contracts.Except($"Can't load type {attribute.InstanceType}, because it has both create and constructor methods with the same visibility. Please indicate which one should be used by changing either the signature or the visibility of one of them.");
            if (preference > 0)
                method = null;
        }

        if (method is not null)
            return new((env, ctx) => method.Invoke(null, Arguments(method, env, ctx)));
        return constructor is null ? null : new((env, ctx) => constructor.Invoke(Arguments(constructor, env, ctx)));
    }

    private static MethodInfo CreateMethod(LoadableClassAttribute attribute, Type[] parameters)
    {
        MethodInfo method = attribute.LoaderType.GetMethod("Create", Any | BindingFlags.Static, parameters);
        return method?.ReturnType == attribute.InstanceType ? method : null;
    }

    private static object[] Arguments(MethodBase member, IHostEnvironment environment, ModelLoadContext context) =>
        member.GetParameters().Length == 1 ? [context] : [environment, context];

    private static int Visibility(MethodBase member) =>
        (int)(member.Attributes & MethodAttributes.MemberAccessMask) switch
        {
            (int)MethodAttributes.FamANDAssem => 0,
            (int)MethodAttributes.Private => 1,
            (int)MethodAttributes.Family => 2,
            (int)MethodAttributes.FamORAssem => 3,
            (int)MethodAttributes.Assembly => 4,
            _ => 5,
        };

    /// <summary>Marked exceptions come out wrapped in an InvalidOperationException, others as reflection wraps them.</summary>
    public object Create(IHostEnvironment environment, ModelLoadContext context)
    {
        try
        {
            return _create(environment, context);
        }
        catch (TargetInvocationException exception) when (exception.InnerException?.IsMarked() == true)
        {
            throw Contracts.Except(exception, "Error during class instantiation");
        }
    }
}
