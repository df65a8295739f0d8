using System.Net;
using System.Text;

namespace MlnetClip.Reports.Page;

/// <summary>A report as one HTML file without references to other files.</summary>
/// <param name="title">The heading.</param>
/// <param name="sections">The sections.</param>
internal sealed class ReportPage(string title, IReadOnlyList<ReportSection> sections)
{
    // No request leaves the page, whatever a script in it does.
    private const string Policy = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:";

    /// <summary>Writes the page.</summary>
    public void Write(Stream stream)
    {
        using var writer = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), bufferSize: 1 << 16, leaveOpen: true) { NewLine = "\n" };
        writer.WriteLine("<!DOCTYPE html>");
        writer.WriteLine("<html lang=\"en\">");
        writer.WriteLine("<head>");
        writer.WriteLine("<meta charset=\"utf-8\">");
        writer.WriteLine($"<meta http-equiv=\"Content-Security-Policy\" content=\"{Policy}\">");
        writer.WriteLine("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");
        writer.WriteLine("<meta name=\"color-scheme\" content=\"light dark\">");
        writer.WriteLine("<link rel=\"icon\" href=\"data:,\">");
        writer.WriteLine($"<title>{Encode(title)}</title>");
        writer.WriteLine($"<style>{PageScript.Styles}</style>");
        writer.WriteLine("</head>");
        writer.WriteLine("<body>");
        writer.WriteLine("<main>");
        writer.WriteLine($"<h1>{Encode(title)}</h1>");
        writer.WriteLine("<noscript><p>The charts need JavaScript. The tables and texts do not.</p></noscript>");
        foreach (ReportSection section in sections) Write(writer, section);
        writer.WriteLine("</main>");
        writer.WriteLine($"<script>{PageScript.Plotly}</script>");
        writer.WriteLine($"<script>{PageScript.Charts}</script>");
        writer.WriteLine("</body>");
        writer.WriteLine("</html>");
    }

    private static void Write(StreamWriter writer, ReportSection section)
    {
        writer.WriteLine("<section>");
        writer.WriteLine($"<h2>{Encode(section.Title)}</h2>");
        foreach (ReportBlock block in section.Blocks)
        {
            switch (block)
            {
                case ChartBlock chart:
                    Write(writer, chart);
                    break;
                case TextBlock text:
                    writer.WriteLine("<ul>");
                    foreach (string line in text.Lines) writer.WriteLine($"<li>{Encode(line)}</li>");
                    writer.WriteLine("</ul>");
                    break;
                case TableBlock table:
                    Write(writer, table);
                    break;
                case MissingBlock missing:
                    writer.WriteLine($"<p class=\"missing\"><strong>{Encode(missing.Title)}</strong>: {Encode(missing.Reason)}</p>");
                    break;
            }
        }

        writer.WriteLine("</section>");
    }

    private static void Write(StreamWriter writer, ChartBlock chart)
    {
        writer.WriteLine($"<figure aria-labelledby=\"{chart.Id}-title\">");
        writer.WriteLine($"<h3 id=\"{chart.Id}-title\">{Encode(chart.Title)}</h3>");
        if (chart.Choices.Count > 0)
            writer.WriteLine($"<label class=\"choice\">Series <select id=\"{chart.Id}-choice\">{string.Concat(chart.Choices.Select(choice => $"<option>{Encode(choice)}</option>"))}</select></label>");
        writer.WriteLine($"<div class=\"chart\" id=\"{chart.Id}\" role=\"img\" aria-label=\"{Encode($"{chart.Title}. {chart.Text}")}\"></div>");
        writer.WriteLine($"<figcaption>{Encode(chart.Text)}</figcaption>");

        // In a script element only "<" could end the text early.
        writer.WriteLine($"<script type=\"application/json\" id=\"{chart.Id}-data\">{chart.Figure.ToJson().Replace("<", "\\u003c", StringComparison.Ordinal)}</script>");
        writer.WriteLine("</figure>");
    }

    private static void Write(StreamWriter writer, TableBlock table)
    {
        if (table.Title.Length > 0) writer.WriteLine($"<h3>{Encode(table.Title)}</h3>");
        writer.WriteLine($"<div class=\"table\"><table{(table.Columns.Count > 0 ? " class=\"figures\"" : "")}>");
        if (table.Columns.Count > 0) writer.WriteLine($"<thead><tr>{string.Concat(table.Columns.Select(column => $"<th scope=\"col\">{Encode(column)}</th>"))}</tr></thead>");
        writer.WriteLine("<tbody>");
        foreach (IReadOnlyList<string> row in table.Rows)
            writer.WriteLine($"<tr><th scope=\"row\">{Encode(row[0])}</th>{string.Concat(row.Skip(1).Select(cell => $"<td>{Encode(cell)}</td>"))}</tr>");
        writer.WriteLine("</tbody></table></div>");
    }

    private static string Encode(string text) => WebUtility.HtmlEncode(text);
}
