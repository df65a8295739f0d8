using Microsoft.ML;
using Microsoft.ML.Runtime;
using MlnetClip.Forecasting;
using MlnetClip.MLNetInternals;

[assembly: LoadableClass(
    typeof(MlnetClip.LstmForecastingTransformer), typeof(LstmForecastingLoader), null, typeof(SignatureLoadModel),
    LstmForecastingLoader.UserName, LstmForecastingLoader.LoaderSignature)]

namespace MlnetClip.MLNetInternals;

/// <summary>
/// How a forecaster is stored in Microsoft.ML's model files. <c>Model.key</c> has the name of this assembly and a signature, with which
/// an <see cref="MLContext"/> finds <see cref="Create"/>; everything else is in one binary entry.
/// </summary>
internal static class LstmForecastingLoader
{
    internal const string LoaderSignature = "LstmForecasting";
    internal const string UserName = "LSTM forecasting";
    internal const string ModelSignature = "LSTMFCST";
    internal const string Entry = "Weights";

    /// <summary>Called by Microsoft.ML through its name and parameters when a model file is loaded.</summary>
    /// <exception cref="InvalidDataException">The entry is missing, damaged or newer than this code.</exception>
    internal static LstmForecastingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        MicrosoftMLVersion.Check();
        ctx.CheckAtModel(Version());
        LstmForecastingTransformer? transformer = null;
        bool found = ctx.TryLoadBinaryStream(Entry, reader => transformer = ForecastModelFormat.Read(reader.BaseStream, env));
        return found ? transformer! : throw NoWeights(Entry);
    }

    /// <summary>The error of a model without its binary entry.</summary>
    internal static InvalidDataException NoWeights(string entry) =>
        new($"The model has no entry '{entry}', which holds its weights.{Environment.NewLine}Hint: copy the file again from its origin.");

    /// <summary>Writes <c>Model.key</c>'s version and the binary entry.</summary>
    internal static void Save(ModelSaveContext ctx, LstmForecastingTransformer transformer)
    {
        ArgumentNullException.ThrowIfNull(ctx);
        ctx.CheckAtModel();
        ctx.SetVersionInfo(Version());
        ctx.SaveBinaryStream(Entry, writer => ForecastModelFormat.Write(writer.BaseStream, transformer));
    }

    private static VersionInfo Version() => new(
        modelSignature: ModelSignature,
        verWrittenCur: 0x00010001, // Initial
        verReadableCur: 0x00010001,
        verWeCanReadBack: 0x00010001,
        loaderAssemblyName: typeof(LstmForecastingLoader).Assembly.FullName!,
        loaderSignature: LoaderSignature);
}
