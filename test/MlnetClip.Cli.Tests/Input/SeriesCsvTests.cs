using System.Text;
using MlnetClip.Cli.Input;
using MlnetClip.TestKit;

namespace MlnetClip.Cli.Tests.Input;

[TestClass]
public sealed class SeriesCsvTests
{
    [TestMethod]
    [DataRow("date,co2\n20200101,1.5\n20200102,-2e3\n")]
    [DataRow("\uFEFFdate,co2\r\n20200101,1.5\r\n20200102,-2e3", DisplayName = "byte order mark, CRLF, no line break at the end")]
    [DataRow("date;co2\n20200101;1.5\n20200102;-2e3\n")]
    [DataRow("date\tco2\n20200101\t1.5\n20200102\t-2e3\n")]
    [DataRow("\"date\",\"co2\"\n\"20200101\",\"1.5\"\n20200102, -2e3 \n\n\n", DisplayName = "quotes, spaces, blank lines at the end")]
    [DataRow("co2,note,date\n1.5,\"two\nlines, and a comma\",20200101\n-2e3,,20200102\n")]
    public void ReadsValuesAndTimes(string text)
    {
        TimeSeries series = Read(text, "co2", "date");
        CollectionAssert.AreEqual(new[] { 1.5d, -2000d }, series.Values);
        CollectionAssert.AreEqual(new[] { "20200101", "20200102" }, series.Time!.Texts.ToArray());
    }

    [TestMethod]
    public void AnEmptyFieldNaNAndNaAreMissing() =>
        CollectionAssert.AreEqual(new[] { double.NaN, double.NaN, double.NaN, double.NaN, 5d }, Read("a,b\n1,\n2,NaN\n3,na\n4,\" \"\n5,5\n", "b").Values);

    [TestMethod]
    public void InAFileOfOneColumnABlankLineIsAMissingValue() =>
        CollectionAssert.AreEqual(new[] { 1d, double.NaN, 2d }, Read("x\n1\n\n2\n\n\n", "x").Values);

    [TestMethod]
    public void ReadingCanBeCancelled()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("x.csv"), "x\n1\n2\n");
        Assert.ThrowsExactly<OperationCanceledException>(() => SeriesCsv.Read(folder.File("x.csv"), SeriesColumns.Of("x"), cancellation: new CancellationToken(canceled: true)));
    }

    [TestMethod]
    public void ValuesKeepTheDigitsOfDoublePrecision() =>
        CollectionAssert.AreEqual(new[] { 1000000000.123456 }, Read("x\n1000000000.123456\n", "x").Values);

    [TestMethod]
    public void TheDelimiterCanBeNamed() => CollectionAssert.AreEqual(new[] { 2d }, Read("a:b;c\n1:2\n", "b;c", delimiter: ':').Values);

    [TestMethod]
    [DataRow("inf", "'inf' is not a number")]
    [DataRow("Infinity", "'Infinity' is infinite or beyond the range of a single-precision number, ±3.4e38.")]
    [DataRow("-1e39", "'-1e39' is infinite or beyond")]
    [DataRow("12x", "'12x' is not a number: expected one such as 315.7 or -2e3, or nothing, NaN or NA where the value is missing.")]
    [DataRow("null", "'null' is not a number")]
    [DataRow("0x1F", "'0x1F' is not a number")]
    public void AFieldThatIsNoFiniteNumberIsNamedByFileLineAndColumn(string field, string problem) =>
        Errors.Have(() => Read($"date,co2\n20200101,1\n20200102,{field}\n", "co2"), $"data.csv, line 3, column 2 ('co2'): {problem}");

    [TestMethod]
    public void LinesAreThoseOfTheFile() =>
        Errors.Have(() => Read("note,x\n\"three\nlines\nlong\",1\nb,?\n", "x"), "line 5, column 2 ('x'): '?'");

    [TestMethod]
    public void ADecimalCommaGetsAHint()
    {
        var error = Assert.ThrowsExactly<InputException>(() => Read("a;b\n1;2,5\n", "b"));
        Assert.AreEqual("for numbers with a decimal comma pass --decimal-comma; thousands separators are not supported.", error.Hint);
    }

    [TestMethod]
    public void ADecimalCommaCanBeNamed()
    {
        CollectionAssert.AreEqual(new[] { 2.5d, -2000d, double.NaN }, Read("a;b\n1;2,5\n2;-2e3\n3;\n", "b", decimalComma: true).Values);
        CollectionAssert.AreEqual(new[] { 2.5d }, Read("a,b\n1,\"2,5\"\n", "b", decimalComma: true).Values);
        Errors.Have(() => Read("a;b\n1;1.234,5\n", "b", decimalComma: true), "'1.234,5' is not a number: expected one such as 315,7");
    }

    [TestMethod]
    public void AnotherEncodingIsSuspectedAndCanBeNamed()
    {
        var error = Assert.ThrowsExactly<InputException>(() => Read("date,Größe\n1,2\n", "Größe", encoding: "windows-1252"));
        StringAssert.Contains(error.Hint, "--encoding windows-1252");
        CollectionAssert.AreEqual(new[] { 2d }, Read("date,Größe\n1,2\n", "Größe", encoding: "windows-1252", named: true).Values);
        CollectionAssert.AreEqual(new[] { 2d }, Read("größe,b\n1,2\n", "b", encoding: "windows-1252").Values, "the other column's name does not matter");
    }

    [TestMethod]
    [DataRow("Gr\u00f6\u00dfe", "Gro\u0308\u00dfe")]
    [DataRow("Gro\u0308\u00dfe", "Gr\u00f6\u00dfe")]
    [DataRow("\ud55c", "\u1112\u1161\u11ab")]
    public void AnotherUnicodeFormOfANameIsTheSameName(string header, string name) =>
        CollectionAssert.AreEqual(new[] { 2d }, Read($"a,{header}\n1,2\n", name).Values);

    [TestMethod]
    public void OtherColumnsMayBeNamedAnything()
    {
        CollectionAssert.AreEqual(new[] { 2d }, Read("\"two\nlines\",b,\u001b[31mred\n1,2,3\n", "b").Values);
        var error = Assert.ThrowsExactly<InputException>(() => Read("\"two\nerror: lines\",\u001b[31mred\n1,2\n", "b"));
        StringAssert.Contains(error.Message, @"The columns are 'two\nerror: lines', '\u001b[31mred'.");
    }

    [TestMethod]
    public void AFieldIsShownInOneLine() => Errors.Have(() => Read("a,b\n1,\"x\nerror: y\u001b]0;title\"\n", "b"), @"'x\nerror: y\u001b]0;title' is not a number");

    [TestMethod]
    [DataRow("20200101,1.5\n20200102,2\n", true)]
    [DataRow("2020-01-01;1.5;\n2020-01-02;2;\n", true)]
    [DataRow("2020,total\n20200102,2\n", false)]
    public void AMissingHeaderIsSuspected(string text, bool suspected)
    {
        string? hint = Assert.ThrowsExactly<InputException>(() => Read(text, "value")).Hint;
        Assert.AreEqual(suspected, hint?.StartsWith("the first line looks like data", StringComparison.Ordinal) == true);
    }

    [TestMethod]
    public void AMissingColumnIsAnsweredWithThoseThereAreAndTheNearest()
    {
        var error = Assert.ThrowsExactly<InputException>(() => Read("date,CO2,temp\n1,2,3\n", "co2"));
        StringAssert.EndsWith(error.Message, "but there is no 'co2'. The columns are 'date', 'CO2', 'temp'.");
        Assert.AreEqual("did you mean 'CO2'?", error.Hint);
    }

    [TestMethod]
    public void AWrongDelimiterIsSuspected()
    {
        var error = Assert.ThrowsExactly<InputException>(() => Read("date:co2\n1:2\n", "co2"));
        StringAssert.StartsWith(error.Hint, "the detected separator is ','");
    }

    [TestMethod]
    [DataRow("", "is empty")]
    [DataRow("a,b\n", "has a header and no rows")]
    [DataRow("\na,b\n1,2\n", "line 1 is blank")]
    [DataRow("a,b\n1,2\n\n3,4\n", "line 3 is blank")]
    [DataRow("a,b\n1,2\n3\n", "line 3 has 1 fields, separated by ',', but the header has 2")]
    [DataRow("a,b\n1,2,3\n", "line 2 has 3 fields")]
    [DataRow("b,b\n1,2\n", "has several named 'b'")]
    [DataRow("a,b\n1,\"2\n3,4\n", "line 2")]
    [DataRow("a,b\n1,2\"2\n", "line 2")]
    [DataRow("a\0,b\n1,2\n", "does not look like a text file")]
    public void WhatIsNoTableIsRefused(string text, string problem) => Errors.Have(() => Read(text, "b"), problem);

    [TestMethod]
    public void AFolderAndAMissingFileAreRefused()
    {
        using var folder = new TemporaryFolder();
        Errors.Have(() => SeriesCsv.Read(folder.Path, SeriesColumns.Of("x")), "is a folder");
        Errors.Have(() => SeriesCsv.Read(folder.File("none.csv"), SeriesColumns.Of("x")), "there is no '");
    }

    private static TimeSeries Read(string text, string value, string? time = null, char? delimiter = null, bool decimalComma = false, string? encoding = null, bool named = false)
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("data.csv");
        Encoding written = encoding is null ? new UTF8Encoding(encoderShouldEmitUTF8Identifier: false) : CsvLayout.FindEncoding(encoding)!;
        File.WriteAllText(path, text, written);
        return SeriesCsv.Read(path, SeriesColumns.Of(value, time), layout: new CsvLayout(delimiter, named ? written : null, decimalComma)).Series[0];
    }
}
