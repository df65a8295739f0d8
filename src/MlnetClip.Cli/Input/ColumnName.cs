using System.Text;

namespace MlnetClip.Cli.Input;

/// <summary>
/// Compares names of columns that may be written in different Unicode forms: an accented letter as one character or as a letter and
/// a mark. The tool runs without globalization data, where <see cref="string.Normalize()"/> changes nothing.
/// </summary>
internal static class ColumnName
{
    // For each combining mark the letters without it and, in the same order, with it: Latin-1 and Latin Extended-A.
    private static readonly (char Mark, string Without, string With)[] Marks =
    [
        ('\u0300', "AEIOUaeiou", "ÀÈÌÒÙàèìòù"),
        ('\u0301', "AEIOUYaeiouyCcLlNnRrSsZz", "ÁÉÍÓÚÝáéíóúýĆćĹĺŃńŔŕŚśŹź"),
        ('\u0302', "AEIOUaeiouCcGgHhJjSsWwYy", "ÂÊÎÔÛâêîôûĈĉĜĝĤĥĴĵŜŝŴŵŶŷ"),
        ('\u0303', "ANOanoIiUu", "ÃÑÕãñõĨĩŨũ"),
        ('\u0304', "AaEeIiOoUu", "ĀāĒēĪīŌōŪū"),
        ('\u0306', "AaEeGgIiOoUu", "ĂăĔĕĞğĬĭŎŏŬŭ"),
        ('\u0307', "CcEeGgIZz", "ĊċĖėĠġİŻż"),
        ('\u0308', "AEIOUaeiouyY", "ÄËÏÖÜäëïöüÿŸ"),
        ('\u030a', "AaUu", "ÅåŮů"),
        ('\u030b', "OoUu", "ŐőŰű"),
        ('\u030c', "CcDdEeLlNnRrSsTtZz", "ČčĎďĚěĽľŇňŘřŠšŤťŽž"),
        ('\u0327', "CcGgKkLlNnRrSsTt", "ÇçĢģĶķĻļŅņŖŗŞşŢţ"),
        ('\u0328', "AaEeIiUu", "ĄąĘęĮįŲų"),
    ];

    private const char FirstSyllable = '\uac00', LastSyllable = '\ud7a3';

    private static readonly Dictionary<char, (char Letter, char Mark)> Decompositions =
        Marks.SelectMany(m => m.With.Zip(m.Without, (with, without) => (with, without, m.Mark))).ToDictionary(e => e.with, e => (e.without, e.Mark));

    /// <summary>Whether two names are the same text, whatever Unicode form each is in.</summary>
    public static bool Same(string a, string b) => a == b || Decompose(a) == Decompose(b);

    private static string Decompose(string name)
    {
        var text = new StringBuilder(name.Length + 4);
        foreach (char c in name)
        {
            if (Decompositions.TryGetValue(c, out var parts)) text.Append(parts.Letter).Append(parts.Mark);
            else if (c is >= FirstSyllable and <= LastSyllable) AppendSyllable(text, c - FirstSyllable);
            else text.Append(c);
        }

        return text.ToString();
    }

    /// <summary>A Korean syllable is made of two or three letters by a formula (Unicode, section 3.12).</summary>
    private static void AppendSyllable(StringBuilder text, int index)
    {
        const int Vowels = 21, Finals = 28;
        text.Append((char)('\u1100' + (index / (Vowels * Finals)))).Append((char)('\u1161' + (index % (Vowels * Finals) / Finals)));
        if (index % Finals > 0) text.Append((char)('\u11a7' + (index % Finals)));
    }
}
