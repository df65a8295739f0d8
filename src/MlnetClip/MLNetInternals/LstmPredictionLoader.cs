using Microsoft.ML;
using Microsoft.ML.Runtime;
using MlnetClip.MLNetInternals;
using MlnetClip.Sequences;

[assembly: LoadableClass(
    typeof(MlnetClip.LstmPredictionTransformer), typeof(LstmPredictionLoader), null, typeof(SignatureLoadModel),
    LstmPredictionLoader.UserName, LstmPredictionLoader.LoaderSignature)]

namespace MlnetClip.MLNetInternals;

/// <summary>How a model over sequences is stored in Microsoft.ML's model files. One loader for every task.</summary>
internal static class LstmPredictionLoader
{
    internal const string LoaderSignature = "LstmPrediction";
    internal const string UserName = "LSTM prediction from sequences";

    internal static ModelEntry Entry { get; } = new("LSTMPRED", LoaderSignature, "Weights", "its weights");

    /// <summary>Called by Microsoft.ML through its name and parameters when a model file is loaded.</summary>
    /// <exception cref="InvalidDataException">The entry is missing, damaged or newer than this code.</exception>
    internal static LstmPredictionTransformer Create(IHostEnvironment env, ModelLoadContext ctx) => Entry.Load(ctx, stream => SequenceModelFormat.Read(stream, env));

    internal static void Save(ModelSaveContext ctx, LstmPredictionTransformer transformer) => Entry.Save(ctx, stream => SequenceModelFormat.Write(stream, transformer));
}
