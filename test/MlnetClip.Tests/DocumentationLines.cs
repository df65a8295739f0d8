using MlnetClip.TestKit;

namespace MlnetClip.Tests;

/// <summary>Keeps the code of docs/forecasting.md equal to code that a test runs.</summary>
internal static class DocumentationLines
{
    /// <summary>Checks that every line of the example that contains a text is in a test's file.</summary>
    /// <param name="text">A part of the example that no other one has.</param>
    /// <param name="path">The test's file, from the folder of the test project on.</param>
    public static void AreIn(string text, params string[] path)
    {
        string page = File.ReadAllText(Path.Combine(RepositoryFiles.Root, "docs", "forecasting.md"));
        string source = File.ReadAllText(Path.Combine([RepositoryFiles.Root, "test", "MlnetClip.Tests", .. path]));
        string[] examples = [.. page.Split("```csharp").Skip(1).Select(part => part.Split("```")[0]).Where(example => example.Contains(text, StringComparison.Ordinal))];
        Assert.HasCount(1, examples, text);
        foreach (string line in examples[0].Trim().Split('\n')) Assert.Contains(line.Trim(), source);
    }
}
