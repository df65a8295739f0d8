using MlnetClip.Libtorch;
using MlnetClip.Training;

namespace MlnetClip;

/// <summary>
/// Trains with libtorch, through TorchSharp: on CUDA devices, or on the CPU. Clipping, optimizers, schedules, checkpoints and the saved model are
/// those of the managed engine, and so is prediction, which needs no libtorch. Text form: <c>torch</c>, or with a device <c>torch:cpu</c>, <c>torch:cuda</c>, <c>torch:cuda:1</c>.
/// </summary>
/// <remarks>
/// The program adds a libtorch package, such as <c>libtorch-cpu-linux-x64</c> 2.10.0, as other users of TorchSharp do. libtorch is loaded by the first fit, once for the process, and
/// its number of threads is set for the process.
/// </remarks>
public sealed record TorchSharpBackend : TrainingBackend
{
    private const string Name = "torch";

    private readonly TorchDevice? _device;

    private TorchSharpBackend(TorchDevice? device) => _device = device;

    /// <summary>
    /// Trains on the device of the <c>MLContext</c>: the CUDA device of its <c>GpuDeviceId</c>, or the CPU where that is null. Where there is no such device,
    /// <c>FallbackToCpu</c> decides between the CPU, with a warning, and an error.
    /// </summary>
    public static TorchSharpBackend Default { get; } = new((TorchDevice?)null);

    /// <summary>Trains on a device, whatever the <c>MLContext</c> says.</summary>
    /// <param name="device"><c>cpu</c>, <c>cuda</c>, which is <c>cuda:0</c>, or <c>cuda:1</c> and so on.</param>
    /// <exception cref="FormatException">The text is not that of a device.</exception>
    public static TorchSharpBackend On(string device) => new(TorchDevice.Parse(device));

    /// <summary>The text of the device; null for that of the <c>MLContext</c>.</summary>
    public string? Device => _device?.ToString();

    /// <inheritdoc/>
    public override string Text => _device is null ? Name : $"{Name}:{_device}";

    /// <summary>Makes <see cref="TrainingBackend.Parse"/> read the text forms of this engine.</summary>
    public static void Register() => Register(Name, Read);

    /// <summary>
    /// Loads libtorch before the first fit, from a folder where the program has no libtorch package: that of a download of libtorch 2.10, for example. Further calls have no effect.
    /// </summary>
    /// <param name="folder">The folder with the libraries; null for those of the program's packages.</param>
    /// <exception cref="DllNotFoundException">It cannot be loaded; the message says why, and what to do.</exception>
    public static void LoadLibtorch(string? folder = null) => LibtorchLoader.Load(folder);

    /// <summary>Checks, before a fit, that libtorch can be loaded and that the device that is set is available.</summary>
    /// <exception cref="DllNotFoundException">libtorch cannot be loaded; the message says why, and what to do.</exception>
    /// <exception cref="InvalidOperationException">The device is not available.</exception>
    public void CheckDevice()
    {
        LibtorchLoader.Load(null);
        if (_device is { } device) device.Open();
    }

    /// <inheritdoc/>
    /// <exception cref="DllNotFoundException">libtorch cannot be loaded; the message says why, and what to do.</exception>
    /// <exception cref="InvalidOperationException">The device is not available.</exception>
    public override IBackend Create(BackendRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        LibtorchLoader.Load(null);
        return new TorchEngine(request, TorchDevice.Choose(_device, request));
    }

    private static TorchSharpBackend Read(string text)
    {
        if (text == Name) return Default;
        try
        {
            return On(text[(Name.Length + 1)..]);
        }
        catch (FormatException)
        {
            throw new FormatException($"must be {Name}, {Name}:cpu, {Name}:cuda or {Name}:cuda:N with the number of a CUDA device, but was '{text}'.");
        }
    }
}
