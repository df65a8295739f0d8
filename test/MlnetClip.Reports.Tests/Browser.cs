using Microsoft.Playwright;

namespace MlnetClip.Reports.Tests;

/// <summary>The Chromium that the system has; tests that need it are skipped where there is none.</summary>
internal sealed class Browser : IAsyncDisposable
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;

    private Browser(IPlaywright playwright, IBrowser browser) => (_playwright, _browser) = (playwright, browser);

    /// <summary>Starts the browser, or ends the test as skipped.</summary>
    public static async Task<Browser> StartAsync()
    {
        string[] folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        string? path = folders.SelectMany(folder => Names.Select(name => Path.Combine(folder, name))).FirstOrDefault(File.Exists);
        if (path is null) Assert.Inconclusive("No Chromium was found in PATH, so the reports were not looked at in a browser. On Debian: apt-get install chromium.");
        IPlaywright playwright = await Playwright.CreateAsync();
        return new Browser(playwright, await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = path, Args = ["--no-sandbox"], Timeout = 120_000 }));
    }

    /// <summary>Opens a page file, which <see cref="OpenPage.DisposeAsync"/> closes.</summary>
    /// <param name="path">The file.</param>
    /// <param name="width">The width of the window in pixels.</param>
    /// <param name="dark">Whether the user prefers dark pages.</param>
    public async Task<OpenPage> OpenAsync(string path, int width = 1100, bool dark = false)
    {
        IPage page = await _browser.NewPageAsync(new BrowserNewPageOptions
        {
            ViewportSize = new ViewportSize { Width = width, Height = 900 }, ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light,
        });
        return await OpenPage.OfAsync(page, path);
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }
}
