namespace MlnetClip.Cli.Input;

/// <summary>The columns of a long file, whose rows are time steps.</summary>
/// <param name="Sequence">The column that names the sequence of a row.</param>
/// <param name="Time">The column of times or numbers, which must increase within a sequence; null for the order of the file.</param>
internal sealed record StepColumns(string Sequence, string? Time);
