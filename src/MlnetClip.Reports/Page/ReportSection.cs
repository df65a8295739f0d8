namespace MlnetClip.Reports.Page;

/// <summary>A section of a report.</summary>
/// <param name="Title">Its heading.</param>
/// <param name="Blocks">Its parts.</param>
internal sealed record ReportSection(string Title, IReadOnlyList<ReportBlock> Blocks);
