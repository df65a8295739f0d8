namespace MlnetClip.Search.Spaces;

/// <summary>One of a few named values without an order, such as the clipping rule or the batch size.</summary>
public sealed class ChoiceParameter : SearchParameter
{
    /// <summary>Creates the parameter.</summary>
    /// <param name="name">The name.</param>
    /// <param name="choices">At least one choice, without duplicates, without the characters <c>| ; =</c> and without spaces at the ends.</param>
    /// <param name="when">When the parameter matters; null for always.</param>
    /// <exception cref="ArgumentException">There is no choice, a choice is given twice, or a choice contains a character that the text form needs.</exception>
    public ChoiceParameter(string name, IReadOnlyList<string> choices, ParameterCondition? when = null)
        : base(name, when)
    {
        ArgumentNullException.ThrowIfNull(choices);
        if (choices.Count == 0) throw new ArgumentException($"ChoiceParameter '{name}' must have one choice or more, but has none.", nameof(choices));
        foreach (string choice in choices) SpaceText.CheckName(choice, nameof(choices));
        if (choices.Distinct(StringComparer.Ordinal).Count() < choices.Count)
            throw new ArgumentException($"ChoiceParameter '{name}' must name each choice once, but has '{string.Join("|", choices)}'.", nameof(choices));
        Choices = [.. choices];
    }

    /// <summary>The choices.</summary>
    public IReadOnlyList<string> Choices { get; }

    /// <inheritdoc/>
    public override PointValue FromUnit(double unit) => At(Math.Min((int)(unit * Choices.Count), Choices.Count - 1));

    /// <summary>The choice at an index of <see cref="Choices"/>.</summary>
    public PointValue At(int index) => new(Name, index, Choices[index]);

    /// <inheritdoc/>
    public override PointValue Read(string text)
    {
        for (int i = 0; i < Choices.Count; i++)
        {
            if (Choices[i] == text) return At(i);
        }

        throw new FormatException($"{Name} must be one of {Domain}, but was '{text}'.");
    }

    private protected override string Domain => string.Join("|", Choices);
}
