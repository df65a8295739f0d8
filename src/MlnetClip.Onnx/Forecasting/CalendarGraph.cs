using MlnetClip.MLNetInternals;

namespace MlnetClip.Onnx.Forecasting;

/// <summary>
/// The calendar of times as nodes, as <see cref="Data.Calendar"/> computes it: a sine and a cosine for each feature. Years and months of a day's number are those of the Gregorian calendar in whole numbers,
/// counted in years that begin in March, so that a leap day is the last one (Howard Hinnant, chrono-compatible low-level date algorithms).
/// </summary>
/// <param name="graph">The model.</param>
internal sealed class CalendarGraph(OnnxGraph graph)
{
    private const long MillisecondsOfDay = 86_400_000, DaysOfEra = 146_097, DaysToMarchOfYear0 = 719_468;

    /// <summary>Writes the channels.</summary>
    /// <param name="features">The features.</param>
    /// <param name="times">Times in milliseconds since 1970-01-01, int64 [N, T].</param>
    /// <returns>The channels, double [N, T] each, in the order of <see cref="Data.Calendar"/>.</returns>
    public string[] Write(CalendarFeatures features, string times)
    {
        string ofDay = Mod(times, MillisecondsOfDay), days = Divide(Subtract(times, ofDay), MillisecondsOfDay);
        string share = graph.Node("Div", [Exact(ofDay), Number(MillisecondsOfDay)]);
        var channels = new List<string>();
        void Add(CalendarFeatures feature, Func<string> phase)
        {
            if (!features.HasFlag(feature)) return;
            string angle = graph.Node("Mul", [phase(), Number(2 * Math.PI)]);
            channels.Add(graph.Node("Sin", [angle]));
            channels.Add(graph.Node("Sin", [graph.Node("Add", [angle, Number(Math.PI / 2)])])); // ONNX Runtime has no cosine in double precision
        }

        Date date = (features & (CalendarFeatures.MonthOfYear | CalendarFeatures.DayOfYear)) == 0 ? default : DateOf(days);
        Add(CalendarFeatures.HourOfDay, () => share);
        Add(CalendarFeatures.DayOfWeek, () => Of(graph.Node("Add", [Exact(Mod(Plus(days, 4), 7)), share]), Number(7))); // day 0 was a Thursday
        Add(CalendarFeatures.MonthOfYear, () => Of(Exact(date.Month), Number(12)));
        Add(CalendarFeatures.DayOfYear, () => Of(graph.Node("Add", [Exact(date.Day), share]), Exact(date.DaysOfYear)));
        return [.. channels];
    }

    /// <summary>Month and day of the year, from 0, and the days of the year.</summary>
    private readonly record struct Date(string Month, string Day, string DaysOfYear);

    private Date DateOf(string days)
    {
        string shifted = Plus(days, DaysToMarchOfYear0), ofEra = Mod(shifted, DaysOfEra), era = Divide(Subtract(shifted, ofEra), DaysOfEra);
        string regular = Subtract(graph.Node("Add", [Subtract(ofEra, Divide(ofEra, 1460)), Divide(ofEra, 36_524)]), Divide(ofEra, 146_096));
        string yearOfEra = Divide(regular, 365);
        string before = Subtract(graph.Node("Add", [Times(yearOfEra, 365), Divide(yearOfEra, 4)]), Divide(yearOfEra, 100));
        string fromMarch = Subtract(ofEra, before), month = Divide(Plus(Times(fromMarch, 5), 2), 153); // month 0 is March
        string isNextYear = graph.Node("Greater", [month, Whole(9)]); // January and February
        string year = graph.Node("Add", [graph.Node("Add", [yearOfEra, Times(era, 400)]), graph.Node("Cast", [isNextYear], ("to", typeof(long)))]);
        string leap = graph.Node("Cast", [IsLeap(year)], ("to", typeof(long)));
        string day = graph.Node("Where", [isNextYear, Plus(fromMarch, -306), graph.Node("Add", [Plus(fromMarch, 59), leap])]);
        return new(graph.Node("Where", [isNextYear, Plus(month, -10), Plus(month, 2)]), day, Plus(leap, 365));
    }

    private string IsLeap(string year)
    {
        string IsMultiple(long number) => graph.Node("Equal", [Mod(year, number), Whole(0)]);
        string usual = graph.Node("And", [IsMultiple(4), graph.Node("Not", [IsMultiple(100)])]);
        return graph.Node("Or", [usual, IsMultiple(400)]);
    }

    private string Exact(string whole) => graph.Node("Cast", [whole], ("to", typeof(double)));

    private string Of(string part, string whole) => graph.Node("Div", [part, whole]);

    private string Number(double value) => graph.Constant("number", [value], 1, 1);

    private string Whole(long value) => graph.Integers("whole", value);

    private string Plus(string value, long number) => graph.Node("Add", [value, Whole(number)]);

    private string Times(string value, long number) => graph.Node("Mul", [value, Whole(number)]);

    private string Subtract(string value, string other) => graph.Node("Sub", [value, other]);

    /// <summary>The quotient of numbers that are 0 or more, or multiples, without its fraction.</summary>
    private string Divide(string value, long number) => graph.Node("Div", [value, Whole(number)]);

    /// <summary>The remainder, 0 or more also for times before 1970.</summary>
    private string Mod(string value, long number) => graph.Node("Mod", [value, Whole(number)]);
}
