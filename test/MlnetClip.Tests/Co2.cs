using Microsoft.ML;
using Microsoft.ML.Data;
using MlnetClip.TestKit;

namespace MlnetClip.Tests;

/// <summary>The CO2 data of the samples, and the programs that read them.</summary>
internal static class Co2
{
    /// <summary>The data file.</summary>
    public static string File { get; } = Path.Combine(RepositoryFiles.Root, "samples", "data", "co2.csv");

    public static IDataView Load(MLContext mlContext) => mlContext.Data.LoadFromTextFile<Reading>(File, new TextLoader.Options
    {
        Separators = [','], HasHeader = true, MissingRealsAsNaNs = true,
    });

    /// <summary>A sample's assembly, built as the tests are.</summary>
    public static string Sample(string name) => Path.Combine(
        RepositoryFiles.Root, "samples", name, "bin", new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name, "net10.0", $"{name}.dll");

    public sealed class Reading
    {
        [LoadColumn(1)]
        public float Co2 { get; set; }
    }
}
