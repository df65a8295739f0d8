using System.Globalization;
using System.Text;

namespace MlnetClip.Cli.Tests;

/// <summary>A small file of two stores, day by day and interleaved: two targets, covariates of every kind, and a plan of three days without targets.</summary>
internal static class StoresFile
{
    public const int Days = 120, Plan = 3;

    /// <summary>Arguments of a training run over all columns that takes a fraction of a second.</summary>
    public static string[] Columns(string data) =>
    [
        "--data", data, "--target", "sales,visits", "--group", "store", "--time", "day", "--calendar", "auto",
        "--past", "weather", "--future", "holiday", "--static", "size",
    ];

    /// <summary>Arguments of a small network.</summary>
    public static string[] Sizes => ["--window", "14", "--horizon", "3", "--hidden", "4", "--epochs", "2", "--batch", "16"];

    public static double Sales(string store, int day) =>
        Math.Round((store == "A" ? 10 : 1000) + (day % 7) + Math.Sin(day * day) + (Holiday(day) ? 5 : 0), 3);

    public static bool Holiday(int day) => day % 10 == 3;

    public static string Write(string path, int plan = Plan)
    {
        var text = new StringBuilder("store,day,sales,visits,weather,holiday,size\n");
        for (int day = 0; day < Days + plan; day++)
        {
            foreach (string store in new[] { "A", "B" })
            {
                string sales = day < Days ? Sales(store, day).ToString(CultureInfo.InvariantCulture) : "";
                string visits = day < Days ? (2 * Sales(store, day)).ToString(CultureInfo.InvariantCulture) : "";
                text.Append(CultureInfo.InvariantCulture, $"{store},{new DateTime(2024, 1, 1).AddDays(day):yyyy-MM-dd},{sales},{visits},{day % 5},{(Holiday(day) ? "true" : "false")},{(store == "A" ? 1 : 3)}\n");
            }
        }

        File.WriteAllText(path, text.ToString());
        return path;
    }
}
