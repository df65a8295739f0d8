namespace MlnetClip.Search.Spaces;

/// <summary>A parameter that a search chooses, as an immutable value with a text form.</summary>
public abstract class SearchParameter : IEquatable<SearchParameter>
{
    private protected SearchParameter(string name, ParameterCondition? when)
    {
        SpaceText.CheckName(name, nameof(name));
        Name = name;
        When = when;
    }

    /// <summary>The name, unique in its space.</summary>
    public string Name { get; }

    /// <summary>When the parameter matters; null for always.</summary>
    public ParameterCondition? When { get; }

    /// <summary>The text form, for example <c>threshold=log:0.01..100 when rule=norm</c>.</summary>
    public sealed override string ToString() => When is null ? $"{Name}={Domain}" : $"{Name}={Domain} when {When}";

    /// <inheritdoc/>
    public bool Equals(SearchParameter? other) => other is not null && ToString() == other.ToString();

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as SearchParameter);

    /// <inheritdoc/>
    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    /// <summary>The legal values, in text.</summary>
    private protected abstract string Domain { get; }

    /// <summary>The value at a coordinate.</summary>
    /// <param name="unit">From 0 to 1; equal lengths are equally likely.</param>
    public abstract PointValue FromUnit(double unit);

    /// <summary>Reads a value from its text.</summary>
    /// <exception cref="FormatException">The text is not a legal value.</exception>
    public abstract PointValue Read(string text);
}
