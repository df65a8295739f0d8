using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlnetClip.Tests.Transforms;

/// <summary>A row of the tests: a reading of a ride.</summary>
public sealed class Ride
{
    public string Id { get; set; } = "";

    public int Time { get; set; }

    public float Speed { get; set; }

    [VectorType(2)]
    public float[] Place { get; set; } = [0, 0];

    public string Mode { get; set; } = "";

    /// <summary>Three rides of 3, 1 and 4 readings.</summary>
    public static Ride[] Rows() =>
    [
        Of("a", 1, 10, "walk"), Of("a", 2, 11, "walk"), Of("a", 3, 12, "bus"), Of("b", 1, 20, "bus"),
        Of("c", 1, 30, "walk"), Of("c", 2, 31, "bus"), Of("c", 3, 32, "bus"), Of("c", 4, 33, "walk"),
    ];

    public static IDataView View(MLContext context, IEnumerable<Ride>? rows = null) => context.Data.LoadFromEnumerable(rows ?? Rows());

    private static Ride Of(string id, int time, float speed, string mode) => new() { Id = id, Time = time, Speed = speed, Place = [speed + 100, speed + 200], Mode = mode };
}
