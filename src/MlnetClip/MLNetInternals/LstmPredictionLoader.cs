using Microsoft.ML;
using Microsoft.ML.Runtime;
using MlnetClip.MLNetInternals;
using MlnetClip.Sequences;

[assembly: LoadableClass(
    typeof(MlnetClip.LstmPredictionTransformer), typeof(LstmPredictionLoader), null, typeof(SignatureLoadModel),
    LstmPredictionLoader.UserName, LstmPredictionLoader.LoaderSignature)]

namespace MlnetClip.MLNetInternals;

/// <summary>How a model over sequences is stored in Microsoft.ML's model files; see <see cref="LstmForecastingLoader"/>. One loader for every task.</summary>
internal static class LstmPredictionLoader
{
    internal const string LoaderSignature = "LstmPrediction";
    internal const string UserName = "LSTM prediction from sequences";
    internal const string ModelSignature = "LSTMPRED";
    internal const string Entry = "Weights";

    /// <summary>Called by Microsoft.ML through its name and parameters when a model file is loaded.</summary>
    /// <exception cref="InvalidDataException">The entry is missing, damaged or newer than this code.</exception>
    internal static LstmPredictionTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        MicrosoftMLVersion.Check();
        ctx.CheckAtModel(Version());
        LstmPredictionTransformer? transformer = null;
        bool found = ctx.TryLoadBinaryStream(Entry, reader => transformer = SequenceModelFormat.Read(reader.BaseStream, env));
        return found ? transformer! : throw LstmForecastingLoader.NoWeights(Entry);
    }

    /// <summary>Writes <c>Model.key</c>'s version and the binary entry.</summary>
    internal static void Save(ModelSaveContext ctx, LstmPredictionTransformer transformer)
    {
        ArgumentNullException.ThrowIfNull(ctx);
        ctx.CheckAtModel();
        ctx.SetVersionInfo(Version());
        ctx.SaveBinaryStream(Entry, writer => SequenceModelFormat.Write(writer.BaseStream, transformer));
    }

    private static VersionInfo Version() => new(
        modelSignature: ModelSignature,
        verWrittenCur: 0x00010001, // Initial
        verReadableCur: 0x00010001,
        verWeCanReadBack: 0x00010001,
        loaderAssemblyName: typeof(LstmPredictionLoader).Assembly.FullName!,
        loaderSignature: LoaderSignature);
}
