using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNet.Contract.Tests.Support;

namespace MLNet.Contract.Tests.Text;

[TestClass]
public sealed class TextFileTests
{
    private readonly MLContext _ml = new(seed: 1);

    private sealed class Pair
    {
        [LoadColumn(0)]
        public float X { get; set; }

        [LoadColumn(1)]
        public string? Name { get; set; }
    }

    private sealed class Wide
    {
        [LoadColumn(0, 3)]
        public float[]? Features { get; set; }

        [LoadColumn(4), ColumnName("Label")]
        public bool Truth { get; set; }
    }

    private sealed class Typed
    {
        [LoadColumn(0)]
        public int Whole { get; set; }

        [LoadColumn(1)]
        public DateTime When { get; set; }

        [LoadColumn(2)]
        public bool Flag { get; set; }
    }

    private sealed class Count
    {
        [LoadColumn(0)]
        public uint Number { get; set; }
    }

    private static TextLoader.Options Csv(bool header = false, bool missingAsNaN = false, bool quoting = false, bool trim = false) =>
        new() { Separators = [','], HasHeader = header, MissingRealsAsNaNs = missingAsNaN, AllowQuoting = quoting, TrimWhitespace = trim };

    private T[] Load<T>(string text, TextLoader.Options options) where T : class, new()
    {
        using var file = new TempFile(text);
        return [.. _ml.Data.CreateEnumerable<T>(_ml.Data.LoadFromTextFile<T>(file.Path, options), reuseRowObject: false)];
    }

    private float[] LoadX(string text, TextLoader.Options options) => [.. Load<Pair>(text, options).Select(p => p.X)];

    [TestMethod]
    public void Fields_go_to_the_members_that_name_them()
    {
        using var file = new TempFile("x,name\n1.5,one\n-2e3,two\n");
        IDataView data = _ml.Data.LoadFromTextFile<Pair>(file.Path, separatorChar: ',', hasHeader: true);
        CollectionAssert.AreEqual(new[] { 1.5f, -2000f }, data.GetColumn<float>("X").ToArray());
        CollectionAssert.AreEqual(new[] { "one", "two" }, data.GetColumn<string>("Name").ToArray());
        Assert.IsNull(data.GetRowCount());
        Assert.IsFalse(data.CanShuffle);
    }

    [TestMethod]
    public void A_tab_separates_unless_said_otherwise()
    {
        using var file = new TempFile("1\ta b\n");
        Assert.AreEqual("a b", _ml.Data.LoadFromTextFile<Pair>(file.Path).GetColumn<string>("Name").Single());
        Assert.AreEqual("z", Load<Pair>("1;z\n", new TextLoader.Options { Separators = [',', ';'] }).Single().Name);
    }

    [TestMethod]
    public void A_range_of_fields_is_a_vector_and_the_schema_says_so()
    {
        using var file = new TempFile("1,2,3,4,true\n5,6,7,8,0\n");
        IDataView data = _ml.Data.LoadFromTextFile<Wide>(file.Path, Csv());
        Assert.AreEqual(new VectorDataViewType(NumberDataViewType.Single, 4), data.Schema["Features"].Type);
        Assert.IsEmpty(data.Schema["Features"].Annotations.Schema);
        CollectionAssert.AreEqual(new float[] { 5, 6, 7, 8 }, data.GetColumn<float[]>("Features").Last());
        CollectionAssert.AreEqual(new[] { true, false }, data.GetColumn<bool>("Label").ToArray());
    }

    [TestMethod]
    public void An_empty_real_is_0_or_NaN_by_the_option()
    {
        CollectionAssert.AreEqual(new float[] { 0, 0, 1 }, LoadX(",a\n ,b\n1,c\n", Csv()));
        CollectionAssert.AreEqual(new[] { float.NaN, float.NaN, 1 }, LoadX(",a\n ,b\n1,c\n", Csv(missingAsNaN: true)));
    }

    [TestMethod]
    public void Fields_that_a_line_lacks_are_empty()
    {
        Wide[] zero = Load<Wide>("1,2\n", Csv()), missing = Load<Wide>("1,2\n", Csv(missingAsNaN: true));
        CollectionAssert.AreEqual(new float[] { 1, 2, 0, 0 }, zero[0].Features);
        CollectionAssert.AreEqual(new[] { 1, 2, float.NaN, float.NaN }, missing[0].Features);
        Assert.IsFalse(zero[0].Truth);
        Assert.AreEqual("", Load<Pair>("1\n", Csv(missingAsNaN: true))[0].Name);
    }

    [TestMethod]
    [DataRow("?")]
    [DataRow("NaN")]
    [DataRow("NA")]
    [DataRow("n/a")]
    [DataRow("nan")]
    [DataRow("junk")]
    [DataRow("1.5x")]
    [DataRow("1 2")]
    [DataRow("infinity")]
    public void A_field_that_is_no_number_is_NaN(string field) => Assert.IsTrue(float.IsNaN(LoadX($"{field},a\n", Csv()).Single()));

    [TestMethod]
    [DataRow("7", 7f)]
    [DataRow("+7", 7f)]
    [DataRow("-0.25", -0.25f)]
    [DataRow(".5", .5f)]
    [DataRow("5.", 5f)]
    [DataRow("1E-3", 1e-3f)]
    [DataRow("3.75  ", 3.75f)]
    [DataRow("  3.75", 3.75f)]
    [DataRow("Infinity", float.PositiveInfinity)]
    [DataRow("-Infinity", float.NegativeInfinity)]
    [DataRow("∞", float.PositiveInfinity)]
    [DataRow("1e39", float.PositiveInfinity)]
    public void A_field_that_is_a_number_is_it(string field, float value) => Assert.AreEqual(value, LoadX($"{field},a\n", Csv()).Single());

    private List<string> InfoLog()
    {
        List<string> log = [];
        _ml.Log += (_, m) =>
        {
            if (m.Kind == ChannelMessageKind.Info)
                lock (log)
                    log.Add(m.RawMessage);
        };
        return log;
    }

    [TestMethod]
    public void Bad_numbers_are_told_to_the_log_and_words_for_missing_are_not()
    {
        List<string> log = InfoLog();
        LoadX("x,name\n1,a\n?,c\nNA,d\n", Csv(header: true));
        Assert.IsEmpty(log);
        LoadX("x,name\n1,a\njunk,b\n?,c\nNA,d\n", Csv(header: true));
        CollectionAssert.AreEqual(new[] { "  Bad value at line 3 in column X", "Processed 4 rows with 1 bad values and 0 format errors" }, log);
    }

    [TestMethod]
    public void Blank_lines_and_comments_are_no_rows()
    {
        string text = "# top\n// top\n\nx,name\n1,a\n\n//comment\n#2,b\n3,c\n";
        Pair[] rows = Load<Pair>(text, Csv(header: true));
        CollectionAssert.AreEqual(new[] { "a", "b", "c" }, rows.Select(r => r.Name).ToArray());
        CollectionAssert.AreEqual(new[] { 1, float.NaN, 3 }, rows.Select(r => r.X).ToArray());
    }

    [TestMethod]
    public void Lines_end_as_they_do_on_either_system() => CollectionAssert.AreEqual(new float[] { 1, 2 }, LoadX("1,a\r\n2,b", Csv()));

    [TestMethod]
    public void White_space_stays_at_the_end_of_texts_unless_trimmed()
    {
        Assert.AreEqual("a ", Load<Pair>("1, a \n", Csv())[0].Name);
        Assert.AreEqual("a", Load<Pair>("1, a \n", Csv(trim: true))[0].Name);
    }

    [TestMethod]
    public void Quotes_enclose_separators_and_quotes_when_allowed()
    {
        Assert.AreEqual("a,\"b\"", Load<Pair>("1,\"a,\"\"b\"\"\"\n", Csv(quoting: true))[0].Name);
        Assert.AreEqual("\"a", Load<Pair>("1,\"a,b\"\n", Csv())[0].Name);
        Assert.AreEqual("", Load<Pair>("1,\"a\n", Csv(quoting: true))[0].Name);
        Assert.AreEqual("", Load<Pair>("1,\"a\"b\n", Csv(quoting: true))[0].Name);
        Assert.AreEqual(1.5f, LoadX("\"1.5\",a\n", Csv(quoting: true))[0]);
    }

    [TestMethod]
    public void Whole_numbers_times_and_truths_are_parsed()
    {
        Typed[] rows = Load<Typed>("-5,2001-02-03,yes\n,,\n", Csv());
        Assert.AreEqual(-5, rows[0].Whole);
        Assert.AreEqual(new DateTime(2001, 2, 3), rows[0].When);
        Assert.IsTrue(rows[0].Flag);
        foreach (Typed empty in new[] { rows[1], Load<Typed>(",,\n", Csv(missingAsNaN: true))[0], Load<Typed>("0\n", Csv(missingAsNaN: true))[0] })
        {
            Assert.AreEqual(0, empty.Whole);
            Assert.AreEqual(default, empty.When);
            Assert.IsFalse(empty.Flag);
        }
    }

    [TestMethod]
    public void An_empty_unsigned_number_is_an_error_where_missing_reals_are_NaN()
    {
        Assert.AreEqual(0u, Load<Count>(",1\n", Csv())[0].Number);
        Assert.AreEqual(7u, Load<Count>("7,1\n", Csv(missingAsNaN: true))[0].Number);
        Assert.Contains("Could not parse value  in line 1, column Number", Assert.Throws<Exception>(() => Load<Count>(",1\n", Csv(missingAsNaN: true))).Message);
    }

    [TestMethod]
    [DataRow("x,2001-02-03,1", "x", "Whole")]
    [DataRow("1.5,2001-02-03,1", "1.5", "Whole")]
    [DataRow("+5,2001-02-03,1", "+5", "Whole")]
    [DataRow("3000000000,2001-02-03,1", "3000000000", "Whole")]
    [DataRow("1,never,1", "never", "When")]
    [DataRow("1,2001-02-03,maybe", "maybe", "Flag")]
    public void What_has_no_missing_value_is_an_error_when_bad(string line, string value, string column)
    {
        Exception exception = Assert.Throws<Exception>(() => Load<Typed>($"1,2001-01-01,1\n{line}\n", Csv()));
        Assert.Contains($"Could not parse value {value} in line 2, column {column}", exception.Message);
    }

    [TestMethod]
    public void A_vector_with_few_fields_is_sparse()
    {
        using var file = new TempFile("1,,,,1\n,2,3,,1\n1,2,3,,1\n");
        IDataView data = _ml.Data.LoadFromTextFile<Wide>(file.Path, Csv());
        CollectionAssert.AreEqual(new float[] { 1, 0, 0, 0 }, data.GetColumn<float[]>("Features").First());
        CollectionAssert.AreEqual(new float[] { 0, 2, 3, 0 }, data.GetColumn<float[]>("Features").ElementAt(1));
        CollectionAssert.AreEqual(new[] { false, false, true }, Dense(data));
        CollectionAssert.AreEqual(new[] { true, true, true }, Dense(_ml.Data.LoadFromTextFile<Wide>(file.Path, Csv(missingAsNaN: true))));
    }

    private static bool[] Dense(IDataView data)
    {
        List<bool> dense = [];
        using DataViewRowCursor cursor = data.GetRowCursor([data.Schema["Features"]]);
        ValueGetter<VBuffer<float>> getter = cursor.GetGetter<VBuffer<float>>(data.Schema["Features"]);
        VBuffer<float> value = default;
        while (cursor.MoveNext())
        {
            getter(ref value);
            dense.Add(value.IsDense);
        }

        return [.. dense];
    }

    [TestMethod]
    [DataRow("true,T,yes,Y,1,+1,+,TRUE,Yes", true)]
    [DataRow("false,f,no,N,0,-1,-,FALSE,No", false)]
    public void There_are_several_words_for_a_truth(string words, bool truth)
    {
        foreach (string word in words.Split(','))
            Assert.AreEqual(truth, Load<Typed>($"1,2001-01-01,{word}\n", Csv())[0].Flag, word);
    }

    [TestMethod]
    public void The_file_is_read_afresh_by_each_cursor()
    {
        using var file = new TempFile("1,a\n");
        IDataView data = _ml.Data.LoadFromTextFile<Pair>(file.Path, Csv());
        Assert.HasCount(1, Rows.Column<float>(data, "X"));
        File.WriteAllText(file.Path, "1,a\n2,b\n");
        Assert.HasCount(2, Rows.Column<float>(data, "X"));
    }

    [TestMethod]
    public void A_cursor_follows_the_rules()
    {
        using var file = new TempFile("1,a\n2,b\n");
        IDataView data = _ml.Data.LoadFromTextFile<Pair>(file.Path, Csv());
        using DataViewRowCursor cursor = data.GetRowCursor([data.Schema["X"]]);
        Assert.AreEqual(-1, cursor.Position);
        Assert.IsFalse(cursor.IsColumnActive(data.Schema["Name"]));
        Assert.ThrowsExactly<InvalidOperationException>(() => cursor.GetGetter<ReadOnlyMemory<char>>(data.Schema["Name"]));
        Assert.ThrowsExactly<InvalidOperationException>(() => cursor.GetGetter<double>(data.Schema["X"]));
        Assert.IsTrue(cursor.MoveNext() && cursor.MoveNext());
        Assert.AreEqual(1, cursor.Position);
        Assert.IsFalse(cursor.MoveNext());
        Assert.AreEqual(-1, cursor.Position);
    }

    private sealed class NoAttribute
    {
        public float X { get; set; }
    }

    private sealed class BadType
    {
        [LoadColumn(0)]
        public object? X { get; set; }
    }

    [TestMethod]
    public void Every_member_names_its_fields_and_has_a_known_type()
    {
        using var file = new TempFile("1\n");
        Assert.AreEqual("Property 'X' is missing the LoadColumnAttribute attribute",
            Assert.ThrowsExactly<InvalidOperationException>(() => _ml.Data.LoadFromTextFile<NoAttribute>(file.Path)).Message);
        Assert.AreEqual("Property X is of unsupported type.",
            Assert.ThrowsExactly<InvalidOperationException>(() => _ml.Data.LoadFromTextFile<BadType>(file.Path)).Message);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new LoadColumnAttribute(-1));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new LoadColumnAttribute(3, 2));
    }

    [TestMethod]
    public void A_missing_file_is_named()
    {
        Assert.Contains("File or directory does not exist at path: /no/such.csv",
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Data.LoadFromTextFile<Pair>("/no/such.csv")).Message);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Data.LoadFromTextFile<Pair>(""));
    }
}
