namespace MlnetClip.Reports.Page;

/// <summary>A part of a section.</summary>
internal abstract record ReportBlock;

/// <summary>A chart.</summary>
/// <param name="Id">Its name in the page: letters and hyphens.</param>
/// <param name="Title">What it shows.</param>
/// <param name="Text">How to read it, in a sentence or two.</param>
/// <param name="Figure">The chart.</param>
internal sealed record ChartBlock(string Id, string Title, string Text, Figure Figure) : ReportBlock
{
    /// <summary>The names of the series that a reader chooses one of; empty where the chart shows everything at once.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];
}

/// <summary>Sentences, each an item of a list.</summary>
/// <param name="Lines">The sentences.</param>
internal sealed record TextBlock(IReadOnlyList<string> Lines) : ReportBlock;

/// <summary>A table.</summary>
/// <param name="Title">What it shows; empty for none.</param>
/// <param name="Columns">The headings; empty for a list of names and values.</param>
/// <param name="Rows">The rows; the first cell of each is its name.</param>
internal sealed record TableBlock(string Title, IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> Rows) : ReportBlock;

/// <summary>Something that the data does not have.</summary>
/// <param name="Title">What would be shown.</param>
/// <param name="Reason">Why it is not: a sentence.</param>
internal sealed record MissingBlock(string Title, string Reason) : ReportBlock;
