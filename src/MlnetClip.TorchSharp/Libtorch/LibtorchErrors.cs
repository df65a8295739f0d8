using System.Runtime.InteropServices;

namespace MlnetClip.Libtorch;

/// <summary>Turns libtorch's errors, which end with pages of native stack frames, into errors with its first line.</summary>
internal static class LibtorchErrors
{
    /// <summary>Runs work on libtorch.</summary>
    /// <exception cref="ArgumentException">There is not enough memory.</exception>
    /// <exception cref="InvalidOperationException">Another error of libtorch; the inner exception has all that it says.</exception>
    public static T Guard<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (ExternalException e)
        {
            throw Of(e.Message, e);
        }
    }

    /// <summary>The error for one of libtorch's.</summary>
    internal static Exception Of(string message, Exception? error = null)
    {
        string line = message.Split('\n')[0].Trim().TrimEnd('.');
        return line.Contains("out of memory", StringComparison.OrdinalIgnoreCase) || line.Contains("allocate memory", StringComparison.Ordinal)
            ? new ArgumentException(
                $"TorchSharpBackend: libtorch has not enough memory on the device: {line}.{Environment.NewLine}Hint: use a smaller batch size, fewer time steps (a smaller window) or a smaller hidden size.", error)
            : new InvalidOperationException($"TorchSharpBackend: libtorch failed: {line}.", error);
    }
}
