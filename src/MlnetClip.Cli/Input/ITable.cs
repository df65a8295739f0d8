namespace MlnetClip.Cli.Input;

/// <summary>A file of rows with named columns, read once from the first row to the last. Fields are text, as in a CSV file.</summary>
internal interface ITable : IDisposable
{
    /// <summary>The file, as the user wrote it.</summary>
    string Path { get; }

    /// <summary>The columns' names.</summary>
    IReadOnlyList<string> Headers { get; }

    /// <summary>The place of the current row for errors: the line of a text file, else the number of the row.</summary>
    int Line { get; }

    /// <summary>Whether numbers are written with a decimal comma.</summary>
    bool DecimalComma { get; }

    /// <summary>Goes on to the next row; false after the last.</summary>
    /// <exception cref="InputException">The row cannot be read.</exception>
    bool Read();

    /// <summary>A field of the current row, without spaces around it; empty where it is missing.</summary>
    string Field(int column);

    /// <summary>Names the place of a field: file, line and column.</summary>
    string Place(int line, int column);

    /// <summary>The probable cause when a column is not found, other than a misspelled name; null where there is none.</summary>
    string? WhyNotFound();
}
