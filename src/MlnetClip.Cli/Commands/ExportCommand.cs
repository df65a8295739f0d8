using System.CommandLine;
using Microsoft.ML;
using MlnetClip.Cli.Arguments;
using MlnetClip.Cli.Models;
using MlnetClip.Cli.Output;

namespace MlnetClip.Cli.Commands;

/// <summary><c>mlnetclip export</c>: writes a model as an ONNX file.</summary>
internal static class ExportCommand
{
    /// <summary>What it does, for the help.</summary>
    public const string Description = "writes a model as an ONNX file, and prints its inputs and outputs";

    public static Command Create(Terminal terminal)
    {
        Option<string> model = Flag.Text("--model", "FILE", "the model file", required: true);
        Option<string> onnx = Flag.Text("--onnx", "FILE", "the ONNX file to write", required: true);
        Option<bool> json = Flag.Json();
        var command = new Command("export", Description) { model, onnx, json };
        command.SetAction(arguments =>
        {
            string path = arguments.GetRequiredValue(model);
            FileTarget target = FileTarget.Check("--onnx", arguments.GetRequiredValue(onnx), path);
            using var file = new MemoryStream();
            OnnxModelInfo info = Export(path, file);
            target.Write(stream => file.WriteTo(stream));
            terminal.Log($"Wrote {target.Shown}.");
            if (arguments.GetValue(json)) terminal.Output.WriteLine(JsonText.Of(ExportReport.Of(target.Shown, info)));
            else terminal.Output.WriteLine(SafeText.OfLines($"{info}"));
            return ExitCode.Success;
        });
        return command;
    }

    private static OnnxModelInfo Export(string path, Stream file)
    {
        var mlContext = new MLContext();
        (ITransformer transformer, DataViewSchema? schema) = ModelArchive.LoadAny(mlContext, path);
        try
        {
            return mlContext.Model.ExportToOnnx(transformer, schema ?? new DataViewSchema.Builder().ToSchema(), file);
        }
        catch (NotSupportedException e)
        {
            string[] parts = e.Message.Split($"{Environment.NewLine}Hint: ", 2);
            throw new InputException($"The model '{path}' cannot be exported: {char.ToLowerInvariant(parts[0][0])}{parts[0][1..]}", parts.Length > 1 ? parts[1] : null, e);
        }
    }
}
