using System.Diagnostics;
using MlnetClip.Training;
using Spectre.Console;

namespace MlnetClip.Cli.Output;

/// <summary>Shows training progress: a growing table with two lines about the current step in a terminal, plain lines in a file.</summary>
internal sealed class EpochDisplay(Terminal terminal, int epochs) : IFitObserver
{
    private const long MillisecondsBetweenRefreshes = 100;

    private const int RowsShown = 12;
    private const int LinesInAFile = 50;

    private readonly Queue<string[]> _rows = new();
    private readonly List<string> _after = [];
    private LiveDisplayContext? _live;
    private bool _begun;
    private Stopwatch _watch = new();
    private StepStatus? _status;
    private long _refreshed;

    /// <summary>Runs the training, whose observer this is.</summary>
    public T Run<T>(Func<T> train)
    {
        IAnsiConsole console = terminal.ErrorConsole;
        if (!console.Profile.Out.IsTerminal || !console.Profile.Capabilities.Ansi) return train();
        try
        {
            return console.Live(Picture()).Start(live =>
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

    /// <inheritdoc/>
    public void OnFitBegun(FitDescription fit)
    {
        (_status, _watch) = (new StepStatus(fit.Epochs * fit.StepsPerEpoch, fit.Resumed?.Steps ?? 0), Stopwatch.StartNew());
    }

    /// <inheritdoc/>
    public void OnStep(in StepReport report)
    {
        if (_live is null) return;
        _status?.Add(report);
        if (_watch.ElapsedMilliseconds - _refreshed < MillisecondsBetweenRefreshes) return;
        _refreshed = _watch.ElapsedMilliseconds;
        _live.UpdateTarget(Picture());
    }

    /// <inheritdoc/>
    public void OnEpoch(EpochReport report)
    {
        if (!_begun && report.Epoch > 1) Say($"Resumed after epoch {report.Epoch - 1}.");
        _begun = true;
        if (_live is null)
        {
            WriteLine(report);
            return;
        }

        if (_rows.Count == RowsShown) _rows.Dequeue();
        _rows.Enqueue(Cells(report));
        _live.UpdateTarget(Picture());
    }

    /// <summary>The table of the last epochs and the lines about the current step.</summary>
    private Rows Picture()
    {
        Table table = CreateTable();
        foreach (string[] row in _rows) table.AddRow(row.Select(cell => new Text(cell)));
        return new Rows(table, new Text(_status?.Lines(_watch.Elapsed) ?? ""));
    }

    private void WriteLine(EpochReport epoch)
    {
        int every = (epochs + LinesInAFile - 1) / LinesInAFile;
        if (epoch.Epoch % every != 0 && epoch.Epoch != 1 && epoch.Epoch != epochs) return;
        string[] cells = Cells(epoch);
        terminal.Log($"epoch {cells[0]}  loss {cells[1]}  validation {cells[2]}  gradient norm {cells[3]} (largest {cells[4]})  clipped {cells[5]}  learning rate {Figures.Setting(epoch.LearningRate)}{(double.IsFinite(epoch.Threshold) ? $", threshold {Figures.Setting(epoch.Threshold)}" : "")}");
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
