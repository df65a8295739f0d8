namespace MlnetClip.Data;

/// <summary>One series of the training data: its targets and covariates, row by row.</summary>
/// <param name="Name">Its name; empty without a group column.</param>
/// <param name="Targets">The targets, [K].</param>
/// <param name="Covariates">Past and future covariates, channel by channel, gaps filled by the value before them; NaN before the first.</param>
/// <param name="Calendar">Calendar channels.</param>
/// <param name="Static">Static covariates: the last value that is not missing of the rows before separate validation data, NaN where all are.</param>
/// <param name="Cut">The first validation row; the number of rows without validation.</param>
internal sealed record SeriesGroup(string Name, Series[] Targets, double[][] Covariates, double[][] Calendar, double[] Static, int Cut)
{
    /// <summary>Rows.</summary>
    public int Length => Targets[0].Length;

    /// <summary>The first row at which every target has been observed.</summary>
    public int FirstObserved { get; } = Targets.Max(target => target.FirstObserved);

    /// <summary>Whether a row has a value of at least one target.</summary>
    public bool IsAnyObserved(int row)
    {
        foreach (Series target in Targets)
            if (target.IsObserved(row)) return true;
        return false;
    }

    /// <summary>The number of rows without a value of at least one target.</summary>
    public int MissingRows()
    {
        int missing = 0;
        for (int row = 0; row < Length; row++)
        {
            foreach (Series target in Targets)
            {
                if (target.IsObserved(row)) continue;
                missing++;
                break;
            }
        }

        return missing;
    }

    /// <summary>Writes the vector of the window that ends at a row.</summary>
    /// <param name="layout">The window.</param>
    /// <param name="number">The number of the series among those with a scaling; -1 for none.</param>
    /// <param name="origin">The row: at least the first observation and the rows of a window.</param>
    /// <param name="window">Receives the vector.</param>

    public void CutWindow(WindowLayout layout, int number, int origin, Span<double> window)
    {
        int first = origin - layout.WindowSize + 1;
        for (int k = 0; k < layout.Targets; k++) Targets[k].Filled(origin - layout.History + 1, layout.History).CopyTo(window[layout.TargetAt(k)..]);
        for (int i = 0; i < layout.Past; i++) Covariates[i].AsSpan(first, layout.WindowSize).CopyTo(window[layout.PastAt(i)..]);
        for (int i = 0; i < layout.Future; i++) Copy(Covariates[layout.Past + i], window.Slice(layout.FutureAt(i), layout.TimeSteps));
        for (int i = 0; i < layout.Calendar; i++) Copy(Calendar[i], window.Slice(layout.CalendarAt(i), layout.TimeSteps));
        Static.CopyTo(window[layout.StaticAt..]);
        if (layout.Grouped) window[layout.GroupAt] = number < 0 ? double.NaN : number;

        void Copy(double[] values, Span<double> channel)
        {
            int known = Math.Min(channel.Length, values.Length - first);
            values.AsSpan(first, known).CopyTo(channel);
            channel[known..].Fill(double.NaN);
        }
    }
}
