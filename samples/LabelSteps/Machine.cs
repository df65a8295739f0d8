namespace LabelSteps;

/// <summary>
/// Generated readings of a tank that is filled, heated and drained. A reading alone does not tell filling from draining, which pass through the same levels, and noise
/// hides the direction between two readings.
/// </summary>
internal static class Machine
{
    /// <summary>The readings of some cycles, one row after the other.</summary>
    public static IEnumerable<Reading> Run(int firstCycle, int cycles, int seed)
    {
        var random = new Random(seed);
        for (int cycle = firstCycle; cycle < firstCycle + cycles; cycle++)
        {
            (string Phase, int Length)[] phases =
                [("idle", random.Next(3, 10)), ("filling", random.Next(6, 14)), ("heating", random.Next(4, 12)), ("draining", random.Next(6, 14)), ("idle", random.Next(3, 10))];
            foreach (var (phase, length) in phases)
            {
                for (int t = 0; t < length; t++)
                {
                    double level = phase switch { "filling" => (t + 0.5) / length, "heating" => 1, "draining" => 1 - ((t + 0.5) / length), _ => 0 };
                    double power = phase == "heating" ? 1 : 0;
                    yield return new Reading { Cycle = cycle, Phase = phase, Level = Noisy(level, 0.1), Power = Noisy(power, 0.4) };
                }
            }
        }

        float Noisy(double value, double deviation) =>
            (float)(value + (deviation * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble())));
    }
}
