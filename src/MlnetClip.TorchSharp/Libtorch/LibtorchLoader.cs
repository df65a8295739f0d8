using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using TorchSharp;

namespace MlnetClip.Libtorch;

/// <summary>
/// Loads libtorch and TorchSharp's native library before TorchSharp does, once for the process: from a folder if one is given, and with an error
/// that names the cause. (TorchSharp itself, where it finds no library, prints to the console and copies packages into the program's folder.)
/// </summary>
internal static class LibtorchLoader
{
    private const string Native = "LibTorchSharp";

    private static readonly Lock s_lock = new();
    private static bool s_loaded;

    /// <summary>Loads the libraries; further calls have no effect.</summary>
    /// <param name="folder">The folder of libtorch; null for the program's packages.</param>
    /// <exception cref="DllNotFoundException">A library cannot be loaded.</exception>
    public static void Load(string? folder)
    {
        lock (s_lock)
        {
            if (s_loaded) return;
            Assembly torchSharp = typeof(torch).Assembly;
            if (folder is not null) LoadLibtorch(folder);
            LoadNative(torchSharp, folder);
            s_loaded = true;
        }
    }

    /// <summary>Throws where a folder holds no libtorch.</summary>
    internal static void CheckFolder(string folder)
    {
        if (File.Exists(Path.Combine(folder, FileName("torch")))) return;
        throw new DllNotFoundException(
            $"TorchSharpBackend: '{folder}' has no libtorch: {FileName("torch")} is not in it.{Environment.NewLine}"
            + "Hint: the folder must be that of the libraries, which is lib in a download of libtorch 2.10.0, and runtimes/*/native in its packages.");
    }

    private static void LoadLibtorch(string folder)
    {
        CheckFolder(folder);
        foreach (string name in new[] { "c10", "torch_cpu", "c10_cuda", "torch_cuda", "torch" })
        {
            string file = Path.Combine(Path.GetFullPath(folder), FileName(name));
            if (!File.Exists(file)) continue;
            try
            {
                NativeLibrary.Load(file);
            }
            catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
            {
                throw Failed(e);
            }
        }
    }

    /// <summary>TorchSharp's own library: the program's, or else one in the folder.</summary>
    private static void LoadNative(Assembly torchSharp, string? folder)
    {
        try
        {
            NativeLibrary.Load(Native, torchSharp, null);
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            if (folder is null)
            {
                // The program's libtorch may be in another folder than the library that needs it.
                foreach (string name in new[] { "torch_cpu", "torch_cuda", "torch" }) NativeLibrary.TryLoad(name, torchSharp, null, out _);
                if (!NativeLibrary.TryLoad(Native, torchSharp, null, out _)) throw Failed(e);
                return;
            }

            if (!NativeLibrary.TryLoad(Path.Combine(Path.GetFullPath(folder), FileName(Native)), out nint handle)) throw Failed(e);

            // TorchSharp asks for its library by name, which the system does not find there.
            AssemblyLoadContext.GetLoadContext(torchSharp)!.ResolvingUnmanagedDll += (_, name) => name == Native ? handle : 0;
        }
    }

    /// <summary>The error, with the cause that the system's message tells.</summary>
    /// <param name="system">What the system said.</param>
    internal static DllNotFoundException Failed(Exception system)
    {
        string package = OperatingSystem.IsWindows() ? "libtorch-cpu-win-x64" : OperatingSystem.IsMacOS() ? "libtorch-cpu-osx-arm64" : "libtorch-cpu-linux-x64";
        string add = $"add a libtorch package to the program, {package} 2.10.0 or a CUDA package of TorchSharp 0.107.0; with a libtorch 2.10.0 elsewhere, TorchSharpBackend.LoadLibtorch(folder), or --libtorch DIR in the tool.";
        (string cause, string hint) = system.Message switch
        {
            var text when Says(text, "GLIBCXX_") => (
                "TorchSharp's native library needs the C++ library of GCC 13.2 or newer (GLIBCXX_3.4.32), and this system's libstdc++ is older",
                "use a newer system, such as Debian 13 or Ubuntu 24.04, or copies of the library without that requirement, which ./build.sh libtorch FOLDER of MlnetClip's repository makes."),
            var text when Says(text, "undefined symbol") => ("the libtorch that the system finds is not version 2.10.0", add),
            var text when Says(text, "libtorch.so: cannot open", "libtorch_cpu.so: cannot open", "libc10.so: cannot open", "Library not loaded: @rpath/lib", "0x8007007E") => ("the program has none", add),
            var text => ($"the system refuses it: {text}", add),
        };
        return new DllNotFoundException($"TorchSharpBackend: libtorch cannot be loaded: {cause}.{Environment.NewLine}Hint: {hint}", system);
    }

    private static bool Says(string message, params ReadOnlySpan<string> parts)
    {
        foreach (string part in parts)
            if (message.Contains(part, StringComparison.Ordinal)) return true;
        return false;
    }

    private static string FileName(string library) =>
        OperatingSystem.IsWindows() ? $"{library}.dll" : OperatingSystem.IsMacOS() ? $"lib{library}.dylib" : $"lib{library}.so";
}
