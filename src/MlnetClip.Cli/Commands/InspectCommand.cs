using System.CommandLine;
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
        Option<bool> json = Flag.Json();
        var command = new Command("inspect", "shows what is in a model file: task, columns, sizes, clipping, how it was trained") { path, json };
        command.SetAction(arguments =>
        {
            InspectedModel model = ModelArchive.Inspect(arguments.GetRequiredValue(path));
            if (arguments.GetValue(json)) terminal.Output.WriteLine(JsonText.Of(InspectionReport.Of(model)));
            else InspectionTable.Write(terminal.OutputConsole, model);
            return ExitCode.Success;
        });
        return command;
    }
}
