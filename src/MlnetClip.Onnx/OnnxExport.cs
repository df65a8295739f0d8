using Microsoft.ML;
using Microsoft.ML.Runtime;
using MlnetClip.MLNetInternals;
using MlnetClip.Onnx.Files;
using MlnetClip.Onnx.Forecasting;
using MlnetClip.Scoring;

namespace MlnetClip.Onnx;

/// <summary>Builds an ONNX file from a trained model.</summary>
internal static class OnnxExport
{
    /// <summary>Builds the file.</summary>
    /// <exception cref="NotSupportedException">A step cannot be exported; the message names it, with the reason.</exception>
    public static (byte[] Bytes, OnnxModelInfo Info) Run(IHostEnvironment environment, ITransformer transformer, DataViewSchema inputSchema)
    {
        IReadOnlyList<ITransformer> steps = ChainSteps.Of(transformer);
        if (steps.OfType<LstmForecastingTransformer>().FirstOrDefault() is { } forecaster)
        {
            CheckAlone(steps, forecaster);
            return Write(WindowGraph.Write(forecaster), OnnxMetadata.Of(forecaster));
        }

        if (steps.OfType<LstmPredictionTransformer>().LastOrDefault() is not { } predictor)
        {
            throw new NotSupportedException(
                $"ExportToOnnx exports pipelines with a model of MlnetClip, but this one has none: {string.Join(", ", steps.Select(step => step.GetType().Name))}.{Environment.NewLine}"
                + "Hint: export it with ConvertToOnnx of Microsoft.ML.OnnxConverter.");
        }

        OnnxModel model = OnnxPipeline.Write(environment, steps, inputSchema);
        return Write(model, OnnxMetadata.Of(predictor));
    }

    /// <summary>Throws unless the forecaster is the only step: a window of its columns is what the file reads, and not the rows that other steps map.</summary>
    private static void CheckAlone(IReadOnlyList<ITransformer> steps, LstmForecastingTransformer forecaster)
    {
        if (steps.Count == 1) return;
        string others = string.Join(", ", Enumerable.Range(0, steps.Count).Where(i => steps[i] != forecaster).Select(i => OnnxPipeline.Describe(steps, i)));
        throw new NotSupportedException(
            $"A forecaster is exported alone, because the file reads windows of its columns and not rows, but the pipeline has other steps: {others}.{Environment.NewLine}"
            + $"Hint: pass the {nameof(LstmForecastingTransformer)} itself; its windows then hold the columns as the steps before it make them.");
    }

    private static (byte[] Bytes, OnnxModelInfo Info) Write(OnnxModel model, IReadOnlyDictionary<string, string> metadata) =>
        (OnnxWriter.Write(model, LibraryVersion.Text, metadata), new OnnxModelInfo([.. model.Inputs.Select(Describe)], [.. model.Outputs.Select(Describe)], metadata));

    private static OnnxTensorInfo Describe(OnnxValue value) => new(value.Name, OnnxElement.NameOf(value.Element), [.. value.Shape.Select(size => $"{size}")], value.Meaning);
}
