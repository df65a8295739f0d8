using System.CommandLine;
using MlnetClip.Cli.Models;
using MlnetClip.Cli.Series;

namespace MlnetClip.Cli.Arguments;

/// <summary>The options that say which rows are held out of a series, and what forecasts of them are compared with.</summary>
/// <param name="who">What never sees the held-out rows.</param>
internal sealed class ProtocolArguments(string who)
{
    private readonly Option<int> _season = Flag.Whole(new("--season", 1), "ROWS", "rows after which the series resembles itself, for the baselines and MASE", 1);
    private readonly Option<double> _holdout = Flag.Number(
        new("--holdout", 0, 1, MinimumLegal: false, MaximumLegal: false), "SHARE", $"share of the rows, from the end, that {who} never sees", 0.2);

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(_season);
        command.Options.Add(_holdout);
    }

    /// <summary>The protocol for a series, which must have rows enough on both sides of the cut.</summary>
    public ForecastProtocol For(TimeSeries series, ParseResult arguments, int horizon)
    {
        var protocol = new ForecastProtocol(ForecastProtocol.Cut(series.Rows, arguments.GetValue(_holdout)), horizon, arguments.GetValue(_season));
        SeriesCheck.ForTraining(series, protocol);
        return protocol;
    }

    /// <summary>What the model is to remember of the series and the cut.</summary>
    public ModelMemory Remember(ModelMemory memory, ParseResult arguments, TimeSeries series, ForecastProtocol protocol) => memory with
    {
        Season = protocol.Season,
        Holdout = arguments.GetValue(_holdout),
        Cut = protocol.FirstOrigin,
        Rows = series.Rows,
        Fingerprint = series.Fingerprint(protocol.FirstOrigin),
    };
}
