namespace MlnetClip.Search.Conclusions;

/// <summary>What a study concludes from its curve.</summary>
/// <param name="Verdict">The kind of finding.</param>
/// <param name="Text">The finding in words.</param>
/// <param name="Recommended">The recommended point; null when nothing trained.</param>
/// <param name="Best">The point of the lowest mean loss; null when nothing trained.</param>
/// <param name="Plateau">The best and its neighbours that do as well, by increasing threshold.</param>
public sealed record Conclusion(Verdict Verdict, string Text, CurvePoint? Recommended, CurvePoint? Best, IReadOnlyList<CurvePoint> Plateau);
