using System.CommandLine;
using System.CommandLine.Parsing;
using MlnetClip.Training;

namespace MlnetClip.Cli.Arguments;

/// <summary>The device of the engine that <c>--backend</c> names, and where its libraries are.</summary>
internal sealed class EngineArguments
{
    private readonly Option _backend;
    private readonly Option<TorchSharpBackend?> _device = Flag.Setting<TorchSharpBackend?>(
        "--device", "DEVICE", "the device of --backend torch: cpu, cuda, or cuda:1 and so on; by default cpu", null, TorchSharpBackend.On);

    private readonly Option<string> _libtorch = Flag.Text(
        "--libtorch", "DIR", "the folder with the libraries of libtorch 2.10.0, for --backend torch; by default those beside the tool, which has none of its own");

    /// <param name="backend">The flag of the engine.</param>
    public EngineArguments(Option backend)
    {
        _backend = backend;
        TorchSharpBackend.Register();
    }

    /// <summary>Adds the flags to a command. What is wrong with the engine, libraries and device included, is reported before any work.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(_device);
        command.Options.Add(_libtorch);
        command.Validators.Add(result =>
        {
            if (result.GetResult(_backend) is { Implicit: false } given && given.Errors.Any()) return;
            TrainingBackend backend = Given(result.GetResult);
            if (backend is not TorchSharpBackend torch)
            {
                foreach (Option option in new Option[] { _device, _libtorch })
                    if (result.GetResult(option) is { Implicit: false }) result.AddError($"{option.Name} needs --backend torch, but it is {backend}.");
                return;
            }

            if (torch.Device is { } named && Device(result.GetResult) is { } device && device != torch)
            {
                result.AddError($"--device {device.Device} contradicts --backend {torch}, which names {named}.");
                return;
            }

            Check(result, Chosen(result.GetResult, torch));
        });
    }

    /// <summary>The engine with its device.</summary>
    public TrainingBackend Apply(TrainingBackend backend, Func<Option, OptionResult?> resultOf) => backend is TorchSharpBackend torch ? Chosen(resultOf, torch) : backend;

    private void Check(CommandResult result, TorchSharpBackend torch)
    {
        try
        {
            TorchSharpBackend.LoadLibtorch(result.GetResult(_libtorch)?.Tokens is [var folder, ..] ? folder.Value : null);
            torch.CheckDevice();
        }
        catch (Exception e) when (e is DllNotFoundException or InvalidOperationException)
        {
            result.AddError(InWordsOfTheTool(e.Message));
        }
    }

    /// <summary>The library's message with the tool's flags; a user of the tool names a folder, where a program adds a package.</summary>
    private static string InWordsOfTheTool(string message)
    {
        string[] lines = message.Split(Environment.NewLine);
        string hint = !lines[^1].Contains("LoadLibtorch", StringComparison.Ordinal)
            ? lines[^1].Replace("TorchSharpBackend.On(\"cpu\")", "--device cpu", StringComparison.Ordinal)
            : "Hint: --libtorch DIR is a folder with the libraries of libtorch 2.10.0: lib of its download, or runtimes/linux-x64/native of the package libtorch-cpu-linux-x64.";
        return $"{lines[0].Replace("TorchSharpBackend:", "--backend torch:", StringComparison.Ordinal)}{Environment.NewLine}{hint}";
    }

    private TorchSharpBackend Chosen(Func<Option, OptionResult?> resultOf, TorchSharpBackend torch) => torch.Device is null ? Device(resultOf) ?? torch : torch;

    private TrainingBackend Given(Func<Option, OptionResult?> resultOf)
    {
        if (resultOf(_backend) is not { Implicit: false, Tokens: [var text, ..] }) return TrainingBackend.Managed;
        try
        {
            return TrainingBackend.Parse(text.Value);
        }
        catch (FormatException)
        {
            return TrainingBackend.Managed; // reported by the flag's own parser
        }
    }

    private TorchSharpBackend? Device(Func<Option, OptionResult?> resultOf)
    {
        if (resultOf(_device) is not { Implicit: false, Tokens: [var text, ..] }) return null;
        try
        {
            return TorchSharpBackend.On(text.Value);
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
