namespace MlnetClip.Search.Spaces;

/// <summary>
/// The space of a search: ordered parameters, some of which may depend on a choice of an earlier one. Its text
/// form round-trips: <c>rule=norm|value; norm=log:0.01..100 when rule=norm; value=log:0.001..1 when rule=value</c>.
/// </summary>
public sealed class SearchSpace : IEquatable<SearchSpace>
{
    /// <summary>Creates a space.</summary>
    /// <param name="parameters">At least one parameter, with unique names; conditions refer to choices of earlier parameters.</param>
    /// <exception cref="ArgumentException">There is no parameter, a name is given twice, or a condition names no earlier choice.</exception>
    public SearchSpace(params IReadOnlyList<SearchParameter> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        if (parameters.Count == 0) throw new ArgumentException("A search space must have one parameter or more, but has none.", nameof(parameters));
        var earlier = new Dictionary<string, SearchParameter>(StringComparer.Ordinal);
        foreach (SearchParameter parameter in parameters)
        {
            if (parameter.When is { } when
                && (earlier.GetValueOrDefault(when.Parameter) is not ChoiceParameter choice || !choice.Choices.Contains(when.Choice)))
                throw new ArgumentException($"'{parameter}' must depend on a choice of an earlier parameter, but there is no '{when}' before it.", nameof(parameters));
            if (!earlier.TryAdd(parameter.Name, parameter))
                throw new ArgumentException($"A search space must name each parameter once, but has '{parameter.Name}' twice.", nameof(parameters));
        }

        Parameters = [.. parameters];
    }

    /// <summary>The parameters.</summary>
    public IReadOnlyList<SearchParameter> Parameters { get; }

    /// <summary>Creates a space of one number on a logarithmic scale, the most common case.</summary>
    /// <param name="name">The parameter's name.</param>
    /// <param name="minimum">The smallest value, above 0.</param>
    /// <param name="maximum">The largest value.</param>
    public static SearchSpace Logarithmic(string name, double minimum, double maximum) => new(new RealParameter(name, minimum, maximum));

    /// <summary>The point at coordinates, one for each parameter, used or not.</summary>
    /// <param name="coordinate">Returns the coordinate, from 0 to below 1, of the parameter at an index; called in order, only for parameters that matter.</param>
    public SearchPoint FromUnits(Func<int, double> coordinate)
    {
        ArgumentNullException.ThrowIfNull(coordinate);
        return Build((_, index) => Parameters[index].FromUnit(coordinate(index)));
    }

    /// <summary>Builds a point from the value of each parameter that matters, given the values before it.</summary>
    /// <param name="choose">Returns the value of a parameter, from the parameter and its index in <see cref="Parameters"/>.</param>
    public SearchPoint Build(Func<SearchParameter, int, PointValue> choose)
    {
        ArgumentNullException.ThrowIfNull(choose);
        var values = new List<PointValue>(Parameters.Count);
        for (int i = 0; i < Parameters.Count; i++)
        {
            if (Matters(Parameters[i], values)) values.Add(choose(Parameters[i], i));
        }

        return new SearchPoint(values);
    }

    /// <summary>Reads a point's text form.</summary>
    /// <exception cref="FormatException">A value is missing, unknown or illegal.</exception>
    public SearchPoint Read(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        Dictionary<string, string> texts = SpaceText.Pairs(text);
        SearchPoint point = Build((parameter, _) => texts.Remove(parameter.Name, out string? value)
            ? parameter.Read(value)
            : throw new FormatException($"The point '{text}' has no '{parameter.Name}'."));
        return texts.Count == 0 ? point : throw new FormatException($"The point '{text}' has a '{texts.Keys.First()}' that does not matter or is not known.");
    }

    /// <summary>Reads a space's text form.</summary>
    /// <exception cref="FormatException">The text does not have this form.</exception>
    /// <exception cref="ArgumentException">A range or condition is not legal.</exception>
    public static SearchSpace Parse(string text) => new([.. SpaceText.Parse(text)]);

    /// <inheritdoc/>
    public override string ToString() => string.Join("; ", Parameters);

    /// <inheritdoc/>
    public bool Equals(SearchSpace? other) => other is not null && Parameters.SequenceEqual(other.Parameters);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as SearchSpace);

    /// <inheritdoc/>
    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    private static bool Matters(SearchParameter parameter, List<PointValue> values)
    {
        if (parameter.When is not { } when) return true;
        foreach (PointValue value in values)
        {
            if (value.Parameter == when.Parameter) return value.Choice == when.Choice;
        }

        return false;
    }
}
