using Microsoft.ML;
using Microsoft.ML.Runtime;
using MlnetClip.MLNetInternals;
using MlnetClip.Transforms;

[assembly: LoadableClass(
    typeof(MlnetClip.RowsToSequencesTransformer), typeof(RowsToSequencesLoader), null, typeof(SignatureLoadModel),
    RowsToSequencesLoader.UserName, RowsToSequencesLoader.LoaderSignature)]

namespace MlnetClip.MLNetInternals;

/// <summary>How a transform from rows to sequences is stored in Microsoft.ML's model files; see <see cref="LstmForecastingLoader"/>.</summary>
internal static class RowsToSequencesLoader
{
    internal const string LoaderSignature = "RowsToSequences";
    internal const string UserName = "Rows to sequences";
    private const string Entry = "Options";

    /// <summary>Called by Microsoft.ML through its name and parameters when a model file is loaded.</summary>
    /// <exception cref="InvalidDataException">The entry is missing, damaged or newer than this code.</exception>
    internal static RowsToSequencesTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        MicrosoftMLVersion.Check();
        ctx.CheckAtModel(Version());
        RowsToSequencesTransformer? transformer = null;
        bool found = ctx.TryLoadBinaryStream(Entry, reader => transformer = RowBlockFormat.Read(reader.BaseStream, env));
        return found
            ? transformer!
            : throw new InvalidDataException($"The model has no entry '{Entry}', which holds the options of its transform.{Environment.NewLine}Hint: copy the file again from its origin.");
    }

    /// <summary>Writes <c>Model.key</c>'s version and the binary entry.</summary>
    internal static void Save(ModelSaveContext ctx, RowsToSequencesTransformer transformer)
    {
        ArgumentNullException.ThrowIfNull(ctx);
        ctx.CheckAtModel();
        ctx.SetVersionInfo(Version());
        ctx.SaveBinaryStream(Entry, writer => RowBlockFormat.Write(writer.BaseStream, transformer));
    }

    private static VersionInfo Version() => new(
        modelSignature: "ROWS2SEQ",
        verWrittenCur: 0x00010001, // Initial
        verReadableCur: 0x00010001,
        verWeCanReadBack: 0x00010001,
        loaderAssemblyName: typeof(RowsToSequencesLoader).Assembly.FullName!,
        loaderSignature: LoaderSignature);
}
