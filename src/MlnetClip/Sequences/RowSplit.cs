using System.Collections;
using MlnetClip.Data;

namespace MlnetClip.Sequences;

/// <summary>Which rows of a fit train and which validate, by their number among the usable rows, from 0.</summary>
internal sealed class RowSplit
{
    private readonly BitArray? _validates; // null where the last rows validate, or none

    private RowSplit(int training, int validation, BitArray? validates) => (Training, Validation, _validates) = (training, validation, validates);

    /// <summary>Rows that train.</summary>
    public int Training { get; }

    /// <summary>Rows that validate.</summary>
    public int Validation { get; }

    /// <summary>All rows.</summary>
    public int Count => Training + Validation;

    /// <summary>Whether a row trains.</summary>
    public bool IsTraining(int row) => _validates is null ? row < Training : !_validates[row];

    /// <summary>The first rows train and the others validate.</summary>
    public static RowSplit At(int rows, int training) => new(training, rows - training, null);

    /// <summary>Draws rows for validation; every choice is equally likely (selection sampling: Knuth, volume 2, algorithm 3.4.2 S).</summary>
    /// <param name="rows">All rows.</param>
    /// <param name="fraction">The share that validates, above 0 and below 1; the number is rounded up.</param>
    /// <param name="seed">Decides which rows.</param>
    public static RowSplit Drawn(int rows, double fraction, ulong seed)
    {
        int training = ForecastProtocol.Cut(rows, fraction), needed = rows - training;
        var random = new SeededRandom(seed);
        var validates = new BitArray(rows);
        for (int row = 0; needed > 0; row++)
        {
            if (random.NextInt32(rows - row) >= needed) continue;
            validates[row] = true;
            needed--;
        }

        return new(training, rows - training, validates);
    }

    /// <summary>The numbers of the rows that train, or of those that validate.</summary>
    public int[] Rows(bool training)
    {
        var rows = new int[training ? Training : Validation];
        for (int row = 0, n = 0; n < rows.Length; row++)
            if (IsTraining(row) == training) rows[n++] = row;
        return rows;
    }
}
