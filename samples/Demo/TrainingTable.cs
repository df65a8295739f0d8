using MlnetClip;
using Spectre.Console;

namespace Demo;

/// <summary>Shows the progress of training: in a terminal a table with a row for each clipping setting, in a file or a pipe a line every ten epochs.</summary>
internal sealed class TrainingTable
{
    private readonly Table _table = new Table().RoundedBorder().Title("Training");
    private readonly List<GradientClipping> _rows = [];
    private LiveDisplayContext? _live;

    private TrainingTable()
    {
        foreach (string column in new[] { "clipping", "epoch", "loss", "validation", "norm median", "norm max", "clipped" })
            _table.AddColumn(column == "clipping" ? new TableColumn(column) : new TableColumn(column).RightAligned());
    }

    /// <summary>Runs the training while the table is shown.</summary>
    public static T Show<T>(Func<TrainingTable, T> train)
    {
        var table = new TrainingTable();
        if (!Screen.IsTerminal) return train(table);
        return AnsiConsole.Live(table._table).Start(live =>
        {
            table._live = live;
            return train(table);
        });
    }

    /// <summary>Shows the report of an epoch.</summary>
    public void Report(GradientClipping clipping, EpochReport epoch)
    {
        string[] cells =
        [
            clipping.ToString(), $"{epoch.Epoch}", $"{epoch.TrainLoss:F4}", $"{epoch.ValidationLoss:F4}",
            $"{epoch.NormMedian:F3}", $"{epoch.NormMaximum:F1}", $"{epoch.ShareClipped:0%}",
        ];
        if (_live is null)
        {
            if (epoch.Epoch % 10 == 0)
                Console.WriteLine($"  {cells[0],-10} epoch {cells[1],2}  loss {cells[2]}  validation {cells[3]}  gradient norm {cells[4]} (largest {cells[5]})  clipped {cells[6]}");
            return;
        }

        int row = _rows.IndexOf(clipping);
        if (row < 0)
        {
            _rows.Add(clipping);
            _table.AddRow(cells);
        }
        else
        {
            for (int i = 1; i < cells.Length; i++) _table.UpdateCell(row, i, cells[i]);
        }

        _live.Refresh();
    }
}
