using Microsoft.ML;
using Microsoft.ML.Runtime;
using MlnetClip.MLNetInternals;
using MlnetClip.Transforms;

[assembly: LoadableClass(
    typeof(MlnetClip.RowsToSequencesTransformer), typeof(RowsToSequencesLoader), null, typeof(SignatureLoadModel),
    RowsToSequencesLoader.UserName, RowsToSequencesLoader.LoaderSignature)]

namespace MlnetClip.MLNetInternals;

/// <summary>How a transform from rows to sequences is stored in Microsoft.ML's model files.</summary>
internal static class RowsToSequencesLoader
{
    internal const string LoaderSignature = "RowsToSequences";
    internal const string UserName = "Rows to sequences";

    private static readonly ModelEntry s_entry = new("ROWS2SEQ", LoaderSignature, "Options", "the options of its transform");

    /// <summary>Called by Microsoft.ML through its name and parameters when a model file is loaded.</summary>
    /// <exception cref="InvalidDataException">The entry is missing, damaged or newer than this code.</exception>
    internal static RowsToSequencesTransformer Create(IHostEnvironment env, ModelLoadContext ctx) => s_entry.Load(ctx, stream => RowBlockFormat.Read(stream, env));

    internal static void Save(ModelSaveContext ctx, RowsToSequencesTransformer transformer) => s_entry.Save(ctx, stream => RowBlockFormat.Write(stream, transformer));
}
