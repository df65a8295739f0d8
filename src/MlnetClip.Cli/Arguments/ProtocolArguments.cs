using System.CommandLine;
using System.CommandLine.Parsing;
using MlnetClip.Cli.Input;
using MlnetClip.Cli.Models;

namespace MlnetClip.Cli.Arguments;

/// <summary>The options for the held-out rows of a series and the baselines.</summary>
/// <param name="who">What does not use the held-out rows.</param>
/// <param name="allRows">Whether 0 is legal, which holds out no row.</param>
internal sealed class ProtocolArguments(string who, bool allRows = false)
{
    private readonly Option<int> _season = Flag.Whole(new("--season", 1), "ROWS", "the season in rows, for the baselines, MASE and --scaling SeasonalDifference, for example 52 for weekly rows with a yearly pattern; train suggests one", 1);
    private readonly Option<double> _holdout = Flag.Number(
        new("--holdout", 0, 1, MinimumLegal: allRows, MaximumLegal: false), "SHARE",
        $"share of the rows, from the end of each series, that {who} does not use{(allRows ? "; 0 trains on all rows and evaluates nothing" : "")}", 0.2);

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(_season);
        command.Options.Add(_holdout);
    }

    /// <summary>The season that the user gives, or null.</summary>
    public int? Season(CommandResult arguments) => arguments.GetResult(_season) is { Implicit: false } && arguments.Legal(_season) is var season and > 0 ? season : null;

    /// <summary>The season that the training rows of the longest series show, if the user gives none.</summary>
    public SeasonEstimate? SuggestSeason(ParseResult arguments, TableProtocol protocol)
    {
        if (Season(arguments.CommandResult) is not null) return null;
        int longest = Enumerable.Range(0, protocol.Cuts.Count).MaxBy(i => protocol.Cuts[i]);
        return SeasonEstimate.Of(protocol.Table.Series[longest].Values.AsSpan(0, protocol.Cuts[longest]));
    }

    /// <summary>The protocol for a file, which must have enough rows on both sides of the cuts.</summary>
    public TableProtocol For(SeriesTable table, ParseResult arguments, int horizon)
    {
        double holdout = arguments.GetValue(_holdout);
        int[] cuts = [.. table.Series.Select(series => table.History(series)).Select(rows => holdout == 0 ? rows : ForecastProtocol.Cut(rows, holdout))];
        var protocol = new TableProtocol(table, horizon, arguments.GetValue(_season), cuts);
        SeriesCheck.ForTraining(protocol);
        return protocol;
    }

    /// <summary>The metadata of the series and the cuts for the model file.</summary>
    public ModelMetadata Complete(ModelMetadata metadata, ParseResult arguments, TableProtocol protocol) => metadata with
    {
        Season = protocol.Season,
        Holdout = arguments.GetValue(_holdout),
        Cut = protocol.RowsBefore,
        Cuts = protocol.Table.IsGrouped ? protocol.Table.Series.Zip(protocol.Cuts).ToDictionary(series => series.First.Name!, series => series.Second) : null,
        Rows = protocol.Table.Rows,
        Fingerprint = protocol.Table.Fingerprint(protocol.Cuts),
    };
}
