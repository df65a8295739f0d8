using Microsoft.ML;

namespace MlnetClip.Scoring;

/// <summary>A view that adds columns to another one.</summary>
internal interface ITransformView : IDataView
{
    /// <summary>The view that the columns are added to.</summary>
    IDataView Source { get; }

    /// <summary>Why the view cannot be part of an ONNX model, as a sentence with a hint.</summary>
    string OnnxProblem { get; }
}
