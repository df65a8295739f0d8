using Microsoft.ML.Data;
using MlnetClip.Sequences;

namespace MlnetClip;

/// <summary>A model over sequences, of a regression, classification or labeling trainer, as a model file holds it, read without Microsoft.ML's loader.</summary>
public sealed class SavedSequenceModel
{
    internal SavedSequenceModel(string featureColumnName, VectorDataViewType featureColumnType, LstmModelParameters model, LstmTrainingReport training) =>
        (FeatureColumnName, FeatureColumnType, Model, Training) = (featureColumnName, featureColumnType, model, training);

    /// <summary>The column of sequences.</summary>
    public string FeatureColumnName { get; }

    /// <summary>The columns that it appends, for example Score and PredictedLabel.</summary>
    public IReadOnlyList<string> OutputColumnNames => [.. Model.Task.Columns(0, 0).Select(column => column.Name)];

    /// <summary>What it predicts: <c>Regression</c>, <c>BinaryClassification</c>, <c>MulticlassClassification</c> or, for labeling, <c>SequenceClassification</c>.</summary>
    public string Task => Model.Task.Kind;

    /// <summary>The names of the classes in the order of the scores; empty for other tasks, and where the label's keys stand for nothing.</summary>
    public IReadOnlyList<string> Classes => (Model.Task as KeyedTask)?.Keys?.Texts ?? [];

    /// <summary>The number of scores of a row, or of a time step for labeling: the number of classes, or 1.</summary>
    public int NumberOfOutputs => Model.Task.Outputs;

    /// <summary>The trained network.</summary>
    public LstmModelParameters Model { get; }

    /// <summary>How it was trained.</summary>
    public LstmTrainingReport Training { get; }

    /// <summary>The type that the column had in training.</summary>
    internal VectorDataViewType FeatureColumnType { get; }
}
