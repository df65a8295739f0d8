using MlnetClip.Data;
using MlnetClip.Search.Samplers;
using MlnetClip.Search.Settings;
using MlnetClip.Search.Spaces;
using MlnetClip.Settings;

namespace MlnetClip;

/// <summary>
/// Every combination of evenly spaced values (including both ends) and choices, each once, in an order that depends on the
/// seed, so that an unfinished study still covers the whole space.
/// </summary>
public sealed record GridSampler : ISampler
{
    internal static readonly OptionRange StepsRange = new(nameof(Steps), 1, 10_000, Whole: true);

    /// <summary>Creates the sampler.</summary>
    /// <param name="steps">The number of values for each numeric parameter, 1 to 10,000, default 24; 1 means the middle.</param>
    /// <exception cref="ArgumentException"><paramref name="steps"/> is outside its range.</exception>
    public GridSampler(int steps = 24)
    {
        var errors = new OptionErrors(nameof(GridSampler));
        errors.Check(StepsRange, steps);
        errors.ThrowIfAny();
        Steps = steps;
    }

    /// <summary>The number of values for each numeric parameter.</summary>
    public int Steps { get; }

    /// <inheritdoc/>
    public SearchPoint? Sample(SampleRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        List<SearchPoint> points = Points(request.Space);
        if (request.Number >= points.Count) return null;
        int[] order = [.. Enumerable.Range(0, points.Count)];
        new SeededRandom(request.Seed).Shuffle(order);
        return points[order[request.Number]];
    }

    /// <summary>The text form.</summary>
    public override string ToString() => NamedValues.Print("grid", ("steps", Steps, 24));

    /// <summary>All points of the grid, in the space's order.</summary>
    public List<SearchPoint> Points(SearchSpace space)
    {
        ArgumentNullException.ThrowIfNull(space);
        List<SearchPoint> points = [];
        int[] digits = new int[space.Parameters.Count];
        bool[] used = new bool[digits.Length];
        do
        {
            Array.Clear(used);
            points.Add(space.Build((parameter, index) =>
            {
                used[index] = true;
                return Value(parameter, digits[index]);
            }));
        }
        while (Advance(space, digits, used));
        return points;
    }

    /// <summary>Advances by one, over the parameters that mattered at the last point; the others are 0.</summary>
    private bool Advance(SearchSpace space, int[] digits, bool[] used)
    {
        for (int i = digits.Length - 1; i >= 0; i--)
        {
            if (!used[i]) continue;
            if (++digits[i] < Count(space.Parameters[i])) return true;
            digits[i] = 0;
        }

        return false;
    }

    private int Count(SearchParameter parameter) => parameter is ChoiceParameter choice ? choice.Choices.Count : Steps;

    private PointValue Value(SearchParameter parameter, int index) => parameter is ChoiceParameter choice
        ? choice.At(index)
        : parameter.FromUnit(Steps == 1 ? 0.5 : (double)index / (Steps - 1));
}
