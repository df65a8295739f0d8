using Microsoft.ML.Data;
using MlnetClip.Models;

namespace MlnetClip.Sequences;

/// <summary>What a sequence is made of: real features, or keys that embeddings turn into vectors.</summary>
/// <param name="PerStep">The number of values, or keys, of a time step, at least 1.</param>
/// <param name="KeyCount">Number of keys; 0 for real features.</param>
internal sealed record SequenceInput(int PerStep, int KeyCount)
{
    /// <summary>Whether a sequence is made of keys.</summary>
    public bool HasKeys => KeyCount > 0;

    /// <summary>Real features of a time step.</summary>
    public int Features => HasKeys ? 0 : PerStep;

    /// <summary>Ids of a time step: a key is the id of its own number, and a missing key, 0, has a vector of its own.</summary>
    public int Ids => HasKeys ? PerStep : 0;

    /// <summary>The input that a model reads.</summary>
    public static SequenceInput Of(ModelSpec model) =>
        model.Embeddings.Count > 0 ? new(model.Embeddings.Count, model.Embeddings[0].Count - 1) : new(model.Features, 0);

    /// <summary>What a time step holds, in words: <c>2 features</c>, or <c>1 key of 5000</c>.</summary>
    public string Describe() => HasKeys ? $"{PerStep} key{(PerStep == 1 ? "" : "s")} of {KeyCount}" : $"{PerStep} feature{(PerStep == 1 ? "" : "s")}";

    /// <summary>The type of a column of such sequences.</summary>
    /// <param name="dimensions">Values of a sequence, or the dimensions whose product they are; 0 where one varies.</param>
    public VectorDataViewType TypeOf(params int[] dimensions) => new(HasKeys ? new KeyDataViewType(typeof(uint), KeyCount) : NumberDataViewType.Single, dimensions);

    /// <summary>Time steps of a sequence.</summary>
    /// <param name="values">Its values, 0 or more.</param>
    /// <param name="column">The column, for the error.</param>
    /// <param name="row">The row, counted from 0, for the error.</param>
    /// <exception cref="InvalidDataException">The values do not make whole steps.</exception>
    public int StepsOf(int values, string column, long row) => values % PerStep == 0
        ? values / PerStep
        : throw new InvalidDataException(
            $"Column '{column}' must hold whole time steps of {PerStep} value{(PerStep == 1 ? "" : "s")}, but row {row} (from 0) has {values} values."
            + $"{Environment.NewLine}Hint: check {nameof(LstmSequenceTrainerOptions.FeaturesPerStep)}; the column has the values of a sequence one time step after the other.");

    /// <summary>Throws where a key is not one of the column's.</summary>
    public void CheckKey(uint key, string column, long row)
    {
        if (key > KeyCount)
            throw new InvalidDataException($"Column '{column}' must hold keys from 1 to {KeyCount}, or 0 for a missing one, but row {row} (from 0) has {key}.");
    }
}
