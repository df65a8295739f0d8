using System.Reflection;

namespace Microsoft.ML.Runtime;

/// <summary>The loadable classes of the assemblies registered so far.</summary>
public sealed class ComponentCatalog
{
    private readonly HashSet<string> _assemblies = [];
    private readonly Dictionary<(string Name, Type Signature), LoadableClass> _classes = [];

    internal ComponentCatalog()
    {
    }

    /// <summary>Reads the assembly's LoadableClass attributes, once.</summary>
    public void RegisterAssembly(Assembly assembly, bool throwOnError = true)
    {
        lock (_classes)
        {
            if (!_assemblies.Add(assembly.FullName))
                return;
            foreach (LoadableClassAttribute attribute in assembly.GetCustomAttributes<LoadableClassAttribute>())
                Add(attribute, throwOnError);
        }
    }

    private void Add(LoadableClassAttribute attribute, bool throwOnError)
    {
        LoadableClass loadable = LoadableClass.Find(attribute);
        if (loadable is null)
        {
            if (throwOnError)
                throw Contracts.Except($"Can't instantiate loadable class '{attribute.InstanceType.Name}' with name '{attribute.LoadNames[0]}'");
            return;
        }

        foreach (string name in attribute.LoadNames)
        {
            if (!_classes.TryAdd((Normal(name), attribute.SignatureType), loadable) && throwOnError)
                throw Contracts.Except($"ComponentCatalog cannot map name '{name}' and SignatureType '{attribute.SignatureType}' to {attribute.InstanceType.Name}, already mapped.");
        }
    }

    internal bool TryCreateInstance<TSignature>(IHostEnvironment environment, string name, ModelLoadContext context, out object instance)
    {
        LoadableClass loadable;
        lock (_classes)
            _classes.TryGetValue((Normal(name), typeof(TSignature)), out loadable);
        instance = loadable?.Create(environment, context);
        return loadable is not null;
    }

    private static string Normal(string name) => name.Trim().ToUpperInvariant();
}
