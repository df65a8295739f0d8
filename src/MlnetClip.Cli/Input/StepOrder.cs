using System.Globalization;
using MlnetClip.Cli.Output;

namespace MlnetClip.Cli.Input;

/// <summary>Checks that the times, or numbers, of each sequence of a long file increase.</summary>
internal static class StepOrder
{
    /// <param name="columns">The columns of the file.</param>
    /// <param name="sequences">The rows of each sequence.</param>
    /// <param name="place">Names the place of a line, for errors.</param>
    /// <exception cref="InputException">They do not, or a text is neither a time nor a number.</exception>
    public static void Check(StepColumns columns, IReadOnlyDictionary<string, StepRows> sequences, Func<int, string> place)
    {
        bool areNumbers = sequences.Values.All(rows => rows.Times.TrueForAll(text => Number(text) is not null));
        foreach ((string name, StepRows rows) in sequences)
        {
            if (areNumbers) CheckNumbers(name, rows, place);
            else _ = TimeAxis.Parse(columns.Time!, [.. rows.Times], null, null, row => place(rows.Lines[row]), row => rows.Lines[row], name);
        }
    }

    private static void CheckNumbers(string name, StepRows rows, Func<int, string> place)
    {
        for (int row = 1; row < rows.Times.Count; row++)
        {
            if (Number(rows.Times[row]) > Number(rows.Times[row - 1])) continue;
            throw new InputException(
                $"{place(rows.Lines[row])}: the numbers must increase from row to row of sequence '{SafeText.Of(name)}', but '{SafeText.Of(rows.Times[row])}' is not above '{SafeText.Of(rows.Times[row - 1])}' on line {rows.Lines[row - 1]}.",
                "sort the rows of each sequence, and give each its own number.");
        }
    }

    private static double? Number(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number) ? number : null;
}
