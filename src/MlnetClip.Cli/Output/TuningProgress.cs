using System.Diagnostics;
using MlnetClip.Search.Spaces;
using Spectre.Console;

namespace MlnetClip.Cli.Output;

/// <summary>Shows the progress of a search: a live table of the latest trials in a terminal, one line for each trial in a file.</summary>
internal sealed class TuningProgress(Terminal terminal, SearchedSettings settings, int trials, int epochs, int firstSeed) : IStudyMonitor
{
    private const int RowsShown = 14;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly string[] _columns = ["trial", "stage", .. settings.Columns, "seed", "epoch", "loss", "clipped", "state"];
    private readonly SortedDictionary<int, (Trial Trial, TrialReport? Last)> _rows = [];
    private readonly Stopwatch _sinceRefresh = Stopwatch.StartNew();
    private readonly List<string> _after = [];
    private LiveDisplayContext? _live;
    private string _norms = "a fit without clipping measures the gradient";
    private bool _begun;

    /// <summary>Trials that ended in this run.</summary>
    public int Finished { get; private set; }

    /// <summary>The best trial of this run, or null.</summary>
    public Trial? Best { get; private set; }

    /// <summary>Runs the search, which reports its trials here.</summary>
    public T Run<T>(Func<T> search)
    {
        IAnsiConsole console = terminal.ErrorConsole;
        if (!console.Profile.Out.IsTerminal || !console.Profile.Capabilities.Ansi) return search();
        try
        {
            return console.Live(CreateTable()).Start(live =>
            {
                _live = live;
                live.Refresh();
                return search();
            });
        }
        finally
        {
            _live = null;
            foreach (string line in _after) terminal.Log(line);
        }
    }

    /// <summary>Says something; while the table is shown, after it.</summary>
    public void Say(string line)
    {
        if (_live is null) terminal.Log(line);
        else _after.Add(line);
    }

    public void OnTrialStarted(Trial trial)
    {
        if (!_begun && trial.Number > 0) Say($"The study already has {trial.Number} trials and is resumed.");
        _begun = true;
        Show(trial, null, now: true);
    }

    public void OnTrialReported(Trial trial, TrialReport report) => Show(trial, report, now: false);

    public void OnTrialFinished(Trial trial)
    {
        if (!trial.Finished)
        {
            _rows.Remove(trial.Number);
            return;
        }

        Finished++;
        if (trial.State == TrialState.Complete && (Best is null || trial.Value < Best.Value)) Best = trial;
        if (trial.Stage == TrialStage.Calibrate) _norms = Norms(trial);
        Show(trial, trial.Reports.Count == 0 ? null : trial.Reports[^1], now: true);
        if (_live is not null) return;
        string[] cells = Cells(trial, trial.Reports.Count == 0 ? null : trial.Reports[^1]);
        terminal.Log(string.Join("  ", _columns.Zip(cells, (column, cell) => column is "stage" or "clipping" or "state" ? cell : $"{column} {cell}")));
        if (trial.Stage == TrialStage.Calibrate) terminal.Log(_norms);
    }

    private string Norms(Trial trial)
    {
        UnclippedFit norms = UnclippedFit.Of(trial);
        string diverged = norms.Diverged ? " before training diverged" : "";
        string ranges = string.Join(", ", settings.Space.Build(norms).Parameters.OfType<RealParameter>().Select(range => $"{range.Name.Replace('_', ' ')} from {Figures.Number(range.Minimum)} to {Figures.Number(range.Maximum)}"));
        return $"gradient norm without clipping{diverged}: median {Figures.Number(norms.Quantiles[50])}, 90% below {Figures.Number(norms.Quantiles[90])}, largest {Figures.Number(norms.Max)}; searching {ranges}";
    }

    private void Show(Trial trial, TrialReport? last, bool now)
    {
        if (_live is null) return;
        _rows[trial.Number] = (trial, last);
        while (_rows.Count > RowsShown) _rows.Remove(_rows.Keys.First());
        if (!now && _sinceRefresh.Elapsed < Pause) return;
        _sinceRefresh.Restart();
        Table table = CreateTable();
        foreach (var (shown, report) in _rows.Values)
            table.AddRow(Cells(shown, report).Select(cell => new Text(cell, shown == Best ? new Style(Color.Green) : null)));
        _live.UpdateTarget(table);
    }

    private string[] Cells(Trial trial, TrialReport? last) =>
    [
        $"{trial.Number + 1}/{trials}",
        trial.Stage switch { TrialStage.Calibrate => "calibrate", TrialStage.Explore => "explore", _ => "confirm" },
        .. settings.Cells(trial.Point),
        $"{firstSeed + trial.Seed}",
        $"{last?.Step ?? 0}/{epochs}",
        last is { } report ? Figures.Number(trial.Value ?? report.Value) : "–",
        trial.Measure(TrialMeasures.ShareClipped) is { } share ? Figures.Share(share) : "–",
        trial.State switch
        {
            TrialState.Complete => "complete",
            TrialState.Pruned => "stopped early",
            TrialState.Failed => $"failed: {trial.Failure!.Message}",
            TrialState.Cancelled => "cancelled",
            _ => "running",
        },
    ];

    private Table CreateTable()
    {
        var table = new Table().RoundedBorder().Caption(Markup.Escape(_norms));
        foreach (string column in _columns) table.AddColumn(column);
        return table;
    }
}
