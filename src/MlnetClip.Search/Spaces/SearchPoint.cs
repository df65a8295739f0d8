using MlnetClip.Search.Spaces;

namespace MlnetClip;

/// <summary>A point of a <see cref="SearchSpace"/>: a value for each parameter that matters there, in the space's order.</summary>
public sealed class SearchPoint : IEquatable<SearchPoint>
{
    private readonly PointValue[] _values;

    /// <summary>Creates a point; <see cref="SearchSpace.Read"/> and <see cref="SearchSpace.FromUnits"/> create points that fit a space.</summary>
    /// <param name="values">The values, each parameter once.</param>
    public SearchPoint(IEnumerable<PointValue> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        _values = [.. values];
    }

    /// <summary>The point without values.</summary>
    public static SearchPoint Empty { get; } = new([]);

    /// <summary>The values.</summary>
    public IReadOnlyList<PointValue> Values => _values;

    /// <summary>The value of a parameter, or null where it does not matter.</summary>
    public PointValue? Find(string parameter)
    {
        foreach (PointValue value in _values)
        {
            if (value.Parameter == parameter) return value;
        }

        return null;
    }

    /// <summary>The number of a parameter.</summary>
    /// <exception cref="KeyNotFoundException">The parameter does not matter at this point.</exception>
    public double Number(string parameter) => Get(parameter).Number;

    /// <summary>The choice of a parameter.</summary>
    /// <exception cref="KeyNotFoundException">The parameter does not matter at this point, or is a number.</exception>
    public string Choice(string parameter) =>
        Get(parameter).Choice ?? throw new KeyNotFoundException($"'{parameter}' is a number at the point '{this}'.");

    /// <summary>The text form, <c>rule=norm; threshold=0.316</c>.</summary>
    public override string ToString() => string.Join("; ", _values);

    /// <inheritdoc/>
    public bool Equals(SearchPoint? other) => other is not null && _values.AsSpan().SequenceEqual(other._values);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as SearchPoint);

    /// <inheritdoc/>
    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    private PointValue Get(string parameter) =>
        Find(parameter) ?? throw new KeyNotFoundException($"There is no '{parameter}' at the point '{this}'.");
}
