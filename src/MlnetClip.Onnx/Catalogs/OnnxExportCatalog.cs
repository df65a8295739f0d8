using MlnetClip;
using MlnetClip.Checkpoints;
using MlnetClip.MLNetInternals;
using MlnetClip.Onnx;

namespace Microsoft.ML;

/// <summary>Writes trained models as ONNX files.</summary>
public static class OnnxExportCatalog
{
    /// <summary>
    /// Exports a forecaster, or a pipeline with a model over sequences, as an ONNX file that any runtime can serve. The file is replaced only once everything has been written.
    /// </summary>
    /// <remarks>
    /// <para>
    /// A pipeline reads the columns of a row that its predictions depend on, and not its label. A column of sequences whose size varies has a second input, for example
    /// <c>Features.Steps</c>, with the number of time steps of each row, so that a batch may hold sequences of different lengths; values after the end of a sequence are not used.
    /// </para>
    /// <para>
    /// A forecaster reads windows: an input with the last values of each column, in the data's unit and of type double, oldest first. The outputs are the columns of the
    /// forecaster, in the data's unit. Every value of a window must be known: fill gaps with the last observation, as the forecaster does over rows.
    /// </para>
    /// </remarks>
    /// <param name="catalog">The catalog.</param>
    /// <param name="model">The trained model: a transformer of this library, or a pipeline that contains one.</param>
    /// <param name="inputSchema">The columns of the rows that the model is applied to.</param>
    /// <param name="path">The file; its folder must exist.</param>
    /// <returns>The inputs, outputs and metadata of the file.</returns>
    /// <exception cref="NotSupportedException">A step cannot be exported; nothing has been written.</exception>
    public static OnnxModelInfo ExportToOnnx(this ModelOperationsCatalog catalog, ITransformer model, DataViewSchema inputSchema, string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        (byte[] bytes, OnnxModelInfo info) = Export(catalog, model, inputSchema);
        AtomicFile.Write(path, stream => stream.Write(bytes));
        return info;
    }

    /// <inheritdoc cref="ExportToOnnx(ModelOperationsCatalog, ITransformer, DataViewSchema, string)"/>
    /// <param name="catalog">The catalog.</param>
    /// <param name="model">The trained model.</param>
    /// <param name="inputSchema">The columns of the rows that the model is applied to.</param>
    /// <param name="stream">Receives the file.</param>
    public static OnnxModelInfo ExportToOnnx(this ModelOperationsCatalog catalog, ITransformer model, DataViewSchema inputSchema, Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        (byte[] bytes, OnnxModelInfo info) = Export(catalog, model, inputSchema);
        stream.Write(bytes);
        return info;
    }

    private static (byte[] Bytes, OnnxModelInfo Info) Export(ModelOperationsCatalog catalog, ITransformer model, DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(inputSchema);
        return OnnxExport.Run(HostAccess.EnvironmentOf(catalog), model, inputSchema);
    }
}
