using System.CommandLine;
using MlnetClip.Cli.Models;
using MlnetClip.Cli.Input;

namespace MlnetClip.Cli.Arguments;

/// <summary>The options for the held-out rows of a series and the baselines.</summary>
/// <param name="who">What does not use the held-out rows.</param>
/// <param name="allRows">Whether 0 is legal, which holds out no row.</param>
internal sealed class ProtocolArguments(string who, bool allRows = false)
{
    private readonly Option<int> _season = Flag.Whole(new("--season", 1), "ROWS", "the season in rows, for the baselines and MASE, for example 52 for weekly rows with a yearly pattern; train suggests one", 1);
    private readonly Option<double> _holdout = Flag.Number(
        new("--holdout", 0, 1, MinimumLegal: allRows, MaximumLegal: false), "SHARE",
        $"share of the rows, from the end, that {who} does not use{(allRows ? "; 0 trains on all rows and evaluates nothing" : "")}", 0.2);

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(_season);
        command.Options.Add(_holdout);
    }

    /// <summary>The season that the training rows show, if the user gives none.</summary>
    public SeasonEstimate? SuggestSeason(ParseResult arguments, TimeSeries series, ForecastProtocol protocol) =>
        arguments.GetResult(_season) is { Implicit: false } ? null : SeasonEstimate.Of(series.Values.AsSpan(0, protocol.FirstOrigin));

    /// <summary>The protocol for a series, which must have enough rows on both sides of the cut.</summary>
    public ForecastProtocol For(TimeSeries series, ParseResult arguments, int horizon)
    {
        double holdout = arguments.GetValue(_holdout);
        int cut = holdout == 0 ? series.Rows : ForecastProtocol.Cut(series.Rows, holdout);
        var protocol = new ForecastProtocol(cut, horizon, arguments.GetValue(_season));
        SeriesCheck.ForTraining(series, protocol);
        return protocol;
    }

    /// <summary>The metadata of the series and the cut for the model file.</summary>
    public ModelMetadata Complete(ModelMetadata metadata, ParseResult arguments, TimeSeries series, ForecastProtocol protocol) => metadata with
    {
        Season = protocol.Season,
        Holdout = arguments.GetValue(_holdout),
        Cut = protocol.FirstOrigin,
        Rows = series.Rows,
        Fingerprint = series.Fingerprint(protocol.FirstOrigin),
    };
}
