namespace MlnetClip.Reports.Tests;

/// <summary>A day of a store.</summary>
public sealed class StoreDay
{
    public string Store { get; set; } = "";

    public DateTime Day { get; set; }

    public float Sales { get; set; }

    public float Visits { get; set; }

    /// <summary>The days of all stores, one day after the other; each store has its own level and noise.</summary>
    public static StoreDay[] Rows(int stores, int days) =>
    [
        .. Enumerable.Range(0, days).SelectMany(day => Enumerable.Range(0, stores).Select(store => new StoreDay
        {
            Store = $"store {store:D4}", Day = new DateTime(2024, 1, 1).AddDays(day),
            Sales = (100 * (1 + (store % 50))) + (10 * (day % 7)) + (float)((1 + (store % 13)) * Math.Sin(day * day)), Visits = 20 + (5 * (day % 7)) + (store % 9),
        })),
    ];
}
