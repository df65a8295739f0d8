using Spectre.Console;

namespace Demo;

/// <summary>Standard output for tables: with colors in a terminal, plain and wide in a file or a pipe.</summary>
internal static class Screen
{
    public static bool IsTerminal => !Console.IsOutputRedirected;

    public static void SetUp()
    {
        if (IsTerminal) return;
        AnsiConsole.Console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Enrichment = new ProfileEnrichment { UseDefaultEnrichers = false },
        });
        AnsiConsole.Profile.Width = 120;
    }
}
