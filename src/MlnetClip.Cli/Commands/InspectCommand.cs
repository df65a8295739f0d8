using System.CommandLine;
using System.Text;
using MlnetClip.Cli.Arguments;
using MlnetClip.Cli.Models;
using MlnetClip.Cli.Output;

namespace MlnetClip.Cli.Commands;

/// <summary><c>mlnetclip inspect</c>: shows what is in a model file and how it was trained.</summary>
internal static class InspectCommand
{
    public static Command Create(Terminal terminal)
    {
        var path = new Argument<string>("model") { HelpName = "FILE", Description = "the model file" };
        Option<string> config = Flag.Text("--config", "FILE", "the JSON file to write: the options that the model was trained with, for --config of train, tune and backtest");
        Option<bool> json = Flag.Json();
        var command = new Command("inspect", "shows what is in a model file: task, columns, sizes, clipping, how it was trained") { path, config, json };
        command.SetAction(arguments =>
        {
            string file = arguments.GetRequiredValue(path);
            FileTarget? target = arguments.GetValue(config) is { } written ? FileTarget.Check("--config", written, file) : null;
            InspectedModel model = ModelArchive.Inspect(file);
            if (target is not null)
            {
                byte[] text = Encoding.UTF8.GetBytes(JsonText.Of(ModelConfig.Of(model)) + "\n");
                target.Write(stream => stream.Write(text));
                terminal.Log($"Wrote {target.Shown}.");
            }

            if (arguments.GetValue(json)) terminal.Output.WriteLine(JsonText.Of(InspectionReport.Of(model)));
            else InspectionTable.Write(terminal.OutputConsole, model);
            return ExitCode.Success;
        });
        return command;
    }
}
