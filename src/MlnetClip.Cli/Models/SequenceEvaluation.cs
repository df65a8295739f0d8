using Microsoft.ML;
using MlnetClip.Cli.Input;
using MlnetClip.Cli.Output;
using MlnetClip.Cli.Tasks;

namespace MlnetClip.Cli.Models;

/// <summary>The scores of a model over sequences on rows of a file.</summary>
/// <param name="Scores">The metrics.</param>
/// <param name="Rows">Rows that were evaluated.</param>
/// <param name="FileRows">Rows of the file.</param>
/// <param name="HeldOut">Whether they were held out from training.</param>
/// <param name="Noun">What a sequence is in the file, in the singular.</param>
internal sealed record SequenceEvaluation(SequenceScores Scores, int Rows, int FileRows, bool HeldOut, string Noun)
{
    /// <summary>The scores of a model that is saved already; null, with a warning, where the held-out rows cannot be evaluated.</summary>
    public static SequenceEvaluation? OfSaved(Terminal terminal, MLContext mlContext, LoadedSequenceModel model, SequenceTable table, int[] heldOut)
    {
        if (heldOut.Length == 0) return null;
        try
        {
            return Of(mlContext, model, table, heldOut, heldOut: true);
        }
        catch (InputException e)
        {
            terminal.Log($"warning: the model is saved, but it could not be evaluated. {e.Message}");
            return null;
        }
    }

    /// <summary>The scores on some rows.</summary>
    /// <exception cref="InputException">The rows cannot be evaluated.</exception>
    public static SequenceEvaluation Of(MLContext mlContext, LoadedSequenceModel model, SequenceTable table, int[] rows, bool heldOut)
    {
        try
        {
            IDataView scored = model.Transformer.Transform(model.Task.View(table, rows, needsLabels: true));
            return new SequenceEvaluation(model.Task.Evaluate(mlContext, scored, table, rows), rows.Length, table.Rows, heldOut, table.Noun);
        }
        catch (Exception e) when (e is InvalidDataException or ArgumentException or InvalidOperationException)
        {
            throw new InputException($"{table.Path} cannot be evaluated: {e.Message}", inner: e);
        }
    }
}
