using System.CommandLine;
using MlnetClip.Cli.Models;
using MlnetClip.Cli.Input;

namespace MlnetClip.Cli.Arguments;

/// <summary>The options that say which rows are held out of a series, and what forecasts of them are compared with.</summary>
/// <param name="who">What never sees the held-out rows.</param>
/// <param name="allRows">Whether 0 is legal: no row is held out.</param>
internal sealed class ProtocolArguments(string who, bool allRows = false)
{
    private readonly Option<int> _season = Flag.Whole(new("--season", 1), "ROWS", "rows after which the series resembles itself, for the baselines and MASE; train suggests one from the rows", 1);
    private readonly Option<double> _holdout = Flag.Number(
        new("--holdout", 0, 1, MinimumLegal: allRows, MaximumLegal: false), "SHARE",
        $"share of the rows, from the end, that {who} never sees{(allRows ? "; 0 trains on all rows and evaluates nothing" : "")}", 0.2);

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(_season);
        command.Options.Add(_holdout);
    }

    /// <summary>The season that the training rows show, where the user names none.</summary>
    public SeasonEstimate? SuggestSeason(ParseResult arguments, TimeSeries series, ForecastProtocol protocol) =>
        arguments.GetResult(_season) is { Implicit: false } ? null : SeasonEstimate.Of(series.Values.AsSpan(0, protocol.FirstOrigin));

    /// <summary>The protocol for a series, which must have rows enough on both sides of the cut.</summary>
    public ForecastProtocol For(TimeSeries series, ParseResult arguments, int horizon)
    {
        double holdout = arguments.GetValue(_holdout);
        int cut = holdout == 0 ? series.Rows : ForecastProtocol.Cut(series.Rows, holdout);
        var protocol = new ForecastProtocol(cut, horizon, arguments.GetValue(_season));
        SeriesCheck.ForTraining(series, protocol);
        return protocol;
    }

    /// <summary>What the model file stores about the series and the cut.</summary>
    public ModelMetadata Complete(ModelMetadata metadata, ParseResult arguments, TimeSeries series, ForecastProtocol protocol) => metadata with
    {
        Season = protocol.Season,
        Holdout = arguments.GetValue(_holdout),
        Cut = protocol.FirstOrigin,
        Rows = series.Rows,
        Fingerprint = series.Fingerprint(protocol.FirstOrigin),
    };
}
