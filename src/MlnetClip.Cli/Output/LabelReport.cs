namespace MlnetClip.Cli.Output;

/// <summary>What <c>predict</c> prints with <c>--json</c> for a model over sequences.</summary>
internal sealed record LabelReport
{
    public required string Task { get; init; }

    public required string Model { get; init; }

    /// <summary>Rows with a prediction.</summary>
    public required int Rows { get; init; }

    /// <summary>Rows without one, because their sequence is empty or has a missing value.</summary>
    public required int RowsWithoutPrediction { get; init; }

    /// <summary>The columns of the CSV after that of the row.</summary>
    public required IReadOnlyList<string> Columns { get; init; }

    public required IReadOnlyList<Row> Predictions { get; init; }

    public required string? Out { get; init; }

    /// <summary>A prediction: of a row, from 0, or of its time step, from 1; the label is null for a number, which is the value.</summary>
    /// <param name="Number">The number of the row; of a sequence of a long file, from 0 in the order in which they begin.</param>
    /// <param name="Sequence">The name of the sequence; null where each row is one.</param>
    /// <param name="Step">The time step.</param>
    /// <param name="Time">Its time; null without a time column.</param>
    /// <param name="Label">The label.</param>
    /// <param name="Values">A number, or probabilities.</param>
    internal sealed record Row(int Number, string? Sequence, int? Step, string? Time, string? Label, IReadOnlyList<double> Values);
}
