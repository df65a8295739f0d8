using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlnetClip.Cli.Tasks;

/// <summary>Reads the predictions of scored rows: the headers of what is written for a row, and the lines of the current row.</summary>
/// <param name="Headers">The columns, after that of the row.</param>
/// <param name="Columns">The columns of the view that are read.</param>
/// <param name="Open">Creates a reader over a cursor: the fields of each line of the current row; no line where there is no prediction.</param>
internal sealed record PredictionReader(IReadOnlyList<string> Headers, IReadOnlyList<DataViewSchema.Column> Columns, Func<DataViewRow, Func<IReadOnlyList<Prediction>>> Open);
