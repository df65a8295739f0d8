using System.Globalization;
using System.Text.Json;
using Microsoft.Playwright;

namespace MlnetClip.Reports.Tests;

/// <summary>A report in a browser, drawn, with what the browser said about it.</summary>
internal sealed class OpenPage : IAsyncDisposable
{
    private OpenPage(IPage page) => Page = page;

    public IPage Page { get; }

    /// <summary>Errors and warnings in the console, and exceptions.</summary>
    public List<string> Errors { get; } = [];

    /// <summary>Requests other than for the file itself.</summary>
    public List<string> Requests { get; } = [];

    /// <summary>The processor time of the page's thread until all charts were drawn.</summary>
    public TimeSpan Processor { get; private set; }

    /// <summary>The time by the clock from the navigation to the page until all charts were drawn.</summary>
    public TimeSpan Opened { get; private set; }

    public static async Task<OpenPage> OfAsync(IPage page, string path)
    {
        var open = new OpenPage(page);
        string address = new Uri(Path.GetFullPath(path)).AbsoluteUri;
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning") open.Errors.Add(message.Text);
        };
        page.PageError += (_, error) => open.Errors.Add(error);
        page.Request += (_, request) =>
        {
            if (request.Url != address && !request.Url.StartsWith("data:", StringComparison.Ordinal) && !request.Url.StartsWith("blob:", StringComparison.Ordinal)) open.Requests.Add(request.Url);
        };
        ICDPSession session = await page.Context.NewCDPSessionAsync(page);
        await session.SendAsync("Performance.enable", new Dictionary<string, object> { ["timeDomain"] = "threadTicks" });
        await page.GotoAsync(address, new() { Timeout = 120_000 });
        IElementHandle? root = await page.WaitForSelectorAsync("html[data-drawn]", new() { Timeout = 120_000 });
        open.Processor = await ProcessorTimeAsync(session);
        open.Opened = TimeSpan.FromMilliseconds(double.Parse((await root!.GetAttributeAsync("data-drawn"))!, CultureInfo.InvariantCulture));
        return open;
    }

    public async ValueTask DisposeAsync() => await Page.CloseAsync();

    private static async Task<TimeSpan> ProcessorTimeAsync(ICDPSession session)
    {
        JsonElement metrics = (await session.SendAsync("Performance.getMetrics"))!.Value;
        return TimeSpan.FromSeconds(metrics.GetProperty("metrics").EnumerateArray().Single(metric => metric.GetProperty("name").GetString() == "TaskDuration").GetProperty("value").GetDouble());
    }

    /// <summary>The names of the charts.</summary>
    public Task<string[]> ChartsAsync() => Page.EvaluateAsync<string[]>("Array.from(document.querySelectorAll('.chart')).map(chart => chart.id)");

    /// <summary>The paths that a chart is drawn with.</summary>
    public Task<string> DrawnAsync(string chart) => Page.EvaluateAsync<string>(
        "id => Array.from(document.getElementById(id).querySelectorAll('.plot path')).map(path => path.getAttribute('d')).join('|')", chart);

    /// <summary>What is wrong with a chart as it is drawn; empty where nothing is.</summary>
    public Task<string> FaultOfAsync(string chart) => Page.EvaluateAsync<string>(
        """
        id => {
          const chart = document.getElementById(id), data = chart.data, layout = chart.layout;
          if (!data || data.length === 0) return 'no data';
          if (chart.getBoundingClientRect().height < 200) return 'too low';
          if (document.documentElement.scrollWidth > window.innerWidth) return 'the page is wider than the window';
          if (!document.getElementById(id + '-title').textContent.trim()) return 'no title';
          if (!chart.getAttribute('aria-label')) return 'no label for screen readers';
          const kinds = data.map(trace => trace.type);
          for (const axis of ['xaxis', 'yaxis']) if (!layout[axis].title.text) return axis + ' has no title';
          for (const trace of data) if (!trace.name) return 'a trace has no name';
          if (kinds.includes('heatmap')) return chart.querySelector('.hm image, .heatmaplayer image') ? '' : 'no cells';
          const drawn = Array.from(chart.querySelectorAll('.scatterlayer path.js-line, .scatterlayer path.point, .barlayer .point path, .scatterlayer path.js-fill'))
            .filter(path => (path.getAttribute('d') || '').length > 6);
          return drawn.length === 0 ? 'nothing is drawn' : '';
        }
        """, chart);
}
