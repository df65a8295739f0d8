using MlnetClip.Search.Spaces;

namespace MlnetClip;

/// <summary>The value of one parameter.</summary>
/// <param name="Parameter">The parameter's name.</param>
/// <param name="Number">The number, or the index of the choice.</param>
/// <param name="Choice">The choice; null for a number.</param>
public readonly record struct PointValue(string Parameter, double Number, string? Choice = null)
{
    /// <summary>The value's text, exact.</summary>
    public string Text => Choice ?? SpaceText.Print(Number);

    /// <summary>The text form, <c>threshold=0.316</c>.</summary>
    public override string ToString() => $"{Parameter}={Text}";
}
