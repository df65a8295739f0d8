using MlnetClip.Training;
using Spectre.Console;

namespace MlnetClip.Cli.Output;

/// <summary>Shows training progress: a growing table in a terminal, plain lines in a file.</summary>
internal sealed class EpochDisplay(Terminal terminal, int epochs)
{
    private const int RowsShown = 12;
    private const int LinesInAFile = 50;

    private readonly Queue<string[]> _rows = new();
    private readonly List<string> _after = [];
    private LiveDisplayContext? _live;
    private bool _begun;

    /// <summary>Runs the training, which calls <see cref="Report"/> after every epoch.</summary>
    public T Run<T>(Func<T> train)
    {
        IAnsiConsole console = terminal.ErrorConsole;
        if (!console.Profile.Out.IsTerminal || !console.Profile.Capabilities.Ansi) return train();
        try
        {
            return console.Live(CreateTable()).Start(live =>
            {
                _live = live;
                live.Refresh();
                return train();
            });
        }
        finally
        {
            _live = null;
            foreach (string message in _after) terminal.Log(message);
        }
    }

    /// <summary>Shows a warning; while the table is shown, after it.</summary>
    public void Warn(string message) => Say($"warning: {message}");

    /// <summary>Shows a message; while the table is shown, after it.</summary>
    public void Note(string message) => Say(message);

    private void Say(string message)
    {
        if (_live is null) terminal.Log(message);
        else _after.Add(message);
    }

    /// <summary>Shows the report of an epoch.</summary>
    public void Report(EpochReport epoch)
    {
        if (!_begun && epoch.Epoch > 1) Say($"Resumed after epoch {epoch.Epoch - 1}.");
        _begun = true;
        if (_live is null) WriteLine(epoch);
        else Refresh(epoch, _live);
    }

    private void Refresh(EpochReport epoch, LiveDisplayContext live)
    {
        if (_rows.Count == RowsShown) _rows.Dequeue();
        _rows.Enqueue(Cells(epoch));
        Table table = CreateTable();
        foreach (string[] row in _rows) table.AddRow(row.Select(cell => new Text(cell)));
        live.UpdateTarget(table);
    }

    private void WriteLine(EpochReport epoch)
    {
        int every = (epochs + LinesInAFile - 1) / LinesInAFile;
        if (epoch.Epoch % every != 0 && epoch.Epoch != 1 && epoch.Epoch != epochs) return;
        string[] cells = Cells(epoch);
        terminal.Log($"epoch {cells[0]}  loss {cells[1]}  validation {cells[2]}  gradient norm {cells[3]} (largest {cells[4]})  clipped {cells[5]}");
    }

    private string[] Cells(EpochReport epoch) =>
    [
        $"{epoch.Epoch}/{epochs}",
        Figures.Number(epoch.TrainLoss),
        epoch.ValidationLoss is { } loss ? Figures.Number(loss) + (epoch.IsBest ? " *" : "") : "–",
        Figures.Number(epoch.NormMedian),
        Figures.Number(epoch.NormMaximum),
        Figures.Share(epoch.ShareClipped) + (epoch.RefusedSteps == 0 ? "" : $", {epoch.RefusedSteps} skipped"),
    ];

    private static Table CreateTable()
    {
        var table = new Table().RoundedBorder().Caption("loss in scaled units; * best so far; gradient norm before clipping");
        foreach (string column in new[] { "epoch", "loss", "validation", "norm", "largest", "clipped" }) table.AddColumn(new TableColumn(column).RightAligned());
        return table;
    }
}
