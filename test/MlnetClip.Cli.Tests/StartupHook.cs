#pragma warning disable CA1050, CA1852 // the runtime looks for this name, without a namespace
/// <summary>Runs in a process of the tool that names this assembly in DOTNET_STARTUP_HOOKS: at the end, writes the assemblies that were loaded to standard error.</summary>
internal static class StartupHook
{
    public static void Initialize() => AppDomain.CurrentDomain.ProcessExit += (_, _) =>
    {
        foreach (System.Reflection.Assembly assembly in AppDomain.CurrentDomain.GetAssemblies()) Console.Error.WriteLine(assembly.GetName().Name);
    };
}
