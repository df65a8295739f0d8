using MlnetClip.Settings;

namespace MlnetClip.Clipping;

/// <summary>Reads the text form of a <see cref="GradientClipping"/>: <c>none</c>, or rules joined by <c>+</c> in the order they act.</summary>
internal static class ClippingText
{
    private static readonly SettingForm<IClippingRule>[] s_forms =
    [
        new("value", "value:LIMIT or value:LOWER,UPPER", Value),
        new("norm", "norm:MAX[,p=P]", a => Norm(a, ClippingScope.Global)),
        new("norm-layer", "norm-layer:MAX[,p=P]", a => Norm(a, ClippingScope.Layer)),
        new("norm-tensor", "norm-tensor:MAX[,p=P]", a => Norm(a, ClippingScope.Tensor)),
        new("norm-gate", "norm-gate:MAX[,p=P]", a => Norm(a, ClippingScope.Gate)),
    ];

    private static readonly SettingParser<IClippingRule> s_parser = new(nameof(GradientClipping), s_forms,
        $"none, {string.Join(", ", s_forms.Select(f => f.Usage))}; several joined by + act in that order.");

    public static GradientClipping Parse(string text)
    {
        if (text == "none") return GradientClipping.None;
        var rules = new List<IClippingRule>();
        for (int start = 0; start <= text.Length;)
        {
            int end = EndOfRule(text, start);
            if (text.AsSpan(start, end - start) is "none") throw s_parser.Fail(text, start, "'none' stands alone");
            rules.Add(s_parser.Read(text, start, end));
            start = end + 1;
        }

        return new GradientClipping(rules);
    }

    /// <summary>The next plus sign that is not part of a number such as 1e+20, or the text's end.</summary>
    private static int EndOfRule(string text, int start)
    {
        for (int i = start; i < text.Length; i++)
        {
            if (text[i] != '+') continue;
            bool exponent = i >= 2 && text[i - 1] is 'e' or 'E' && (char.IsAsciiDigit(text[i - 2]) || text[i - 2] == '.')
                && i + 1 < text.Length && char.IsAsciiDigit(text[i + 1]);
            if (!exponent) return i;
        }

        return text.Length;
    }

    private static ValueRule Value(SettingArguments arguments)
    {
        if (arguments.Positional < 2)
        {
            float limit = arguments.Number(ClippingRanges.Limit);
            return new ValueRule(-limit, limit);
        }

        var rule = new ValueRule(arguments.Number(ClippingRanges.Lower), arguments.Number(ClippingRanges.Upper));
        return rule.Lower < rule.Upper ? rule : throw arguments.Fail("lower must be below upper");
    }

    private static NormRule Norm(SettingArguments arguments, ClippingScope scope) =>
        new(scope, arguments.Number(ClippingRanges.MaxNorm), arguments.Number("p", ClippingRanges.NormType, 2));
}
