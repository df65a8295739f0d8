using System.Globalization;

namespace ExplodingGradients;

/// <summary>The settings of one training run.</summary>
internal sealed record Setting(string Start, int Length, string Clipping, int Seed, int MaxSteps);

/// <summary>The result of a training run; the norms are those before clipping.</summary>
internal sealed record Outcome(bool Solved, long Steps, double NormMedian, double NormMax, double ShareClipped);

/// <summary>The finished training runs, stored in a file with the lines <c>start,length,clipping,seed,max steps,solved,steps,median norm,largest norm,share clipped</c>.</summary>
internal sealed class Trials
{
    private readonly Dictionary<Setting, Outcome> _ended = [];
    private readonly string _path;

    public Trials(string path)
    {
        _path = path;
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        if (!File.Exists(path)) return;
        foreach (string[] f in File.ReadLines(path).Select(line => line.Split(',')))
            _ended[new(f[0], int.Parse(f[1]), f[2], int.Parse(f[3]), int.Parse(f[4]))] =
                new(bool.Parse(f[5]), long.Parse(f[6]), double.Parse(f[7]), double.Parse(f[8]), double.Parse(f[9]));
    }

    /// <summary>The outcome, or null if the run has not finished.</summary>
    public Outcome? this[Setting setting] => _ended.GetValueOrDefault(setting);

    public void Add(Setting s, Outcome o)
    {
        _ended[s] = o;
        File.AppendAllText(_path, string.Create(CultureInfo.InvariantCulture,
            $"{s.Start},{s.Length},{s.Clipping},{s.Seed},{s.MaxSteps},{o.Solved},{o.Steps},{o.NormMedian:G4},{o.NormMax:G4},{o.ShareClipped:G4}\n"));
    }
}
