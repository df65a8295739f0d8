using Microsoft.ML;
using Microsoft.ML.Runtime;
using MlnetClip.Forecasting;
using MlnetClip.MLNetInternals;

[assembly: LoadableClass(
    typeof(MlnetClip.LstmForecastingTransformer), typeof(LstmForecastingLoader), null, typeof(SignatureLoadModel),
    LstmForecastingLoader.UserName, LstmForecastingLoader.LoaderSignature)]

namespace MlnetClip.MLNetInternals;

/// <summary>How a forecaster is stored in Microsoft.ML's model files.</summary>
internal static class LstmForecastingLoader
{
    internal const string LoaderSignature = "LstmForecasting";
    internal const string UserName = "LSTM forecasting";

    internal static ModelEntry Entry { get; } = new("LSTMFCST", LoaderSignature, "Weights", "its weights");

    /// <summary>Called by Microsoft.ML through its name and parameters when a model file is loaded.</summary>
    /// <exception cref="InvalidDataException">The entry is missing, damaged or newer than this code.</exception>
    internal static LstmForecastingTransformer Create(IHostEnvironment env, ModelLoadContext ctx) => Entry.Load(ctx, stream => ForecastModelFormat.Read(stream, env));

    internal static void Save(ModelSaveContext ctx, LstmForecastingTransformer transformer) => Entry.Save(ctx, stream => ForecastModelFormat.Write(stream, transformer));
}
