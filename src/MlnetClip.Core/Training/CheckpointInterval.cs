using System.Globalization;
using MlnetClip.Settings;

namespace MlnetClip;

/// <summary>
/// How often a fit writes its checkpoint: after so many epochs or steps, or when so much time has passed since the last one. Immutable, equal by value, with a text form:
/// <c>1epoch</c>, <c>5epochs</c>, <c>500steps</c>, <c>10minutes</c>, <c>30seconds</c>. A checkpoint is also written at the end, on cancellation and when an observer fails.
/// </summary>
public sealed record CheckpointInterval
{
    private static readonly OptionRange Count = new("count", 1, int.MaxValue, Whole: true);
    private static readonly OptionRange Duration = new("seconds", 0, 1e9, MinimumLegal: false);

    private CheckpointInterval()
    {
    }

    /// <summary>Epochs between two checkpoints; null for another kind of interval.</summary>
    public int? Epochs { get; private init; }

    /// <summary>Steps between two checkpoints; null for another kind of interval.</summary>
    public int? Steps { get; private init; }

    /// <summary>Time between two checkpoints, observed after each step; null for another kind of interval.</summary>
    public TimeSpan? Time { get; private init; }

    /// <summary>After so many epochs. Text: <c>5epochs</c>.</summary>
    /// <param name="epochs">1 or more.</param>
    /// <exception cref="ArgumentException">The number is outside its range.</exception>
    public static CheckpointInterval EveryEpochs(int epochs) => new() { Epochs = Check(nameof(EveryEpochs), Count with { Option = nameof(epochs) }, epochs) };

    /// <summary>After so many steps, counted from the first one of the fit. Text: <c>500steps</c>.</summary>
    /// <param name="steps">1 or more.</param>
    /// <exception cref="ArgumentException">The number is outside its range.</exception>
    public static CheckpointInterval EverySteps(int steps) => new() { Steps = Check(nameof(EverySteps), Count with { Option = nameof(steps) }, steps) };

    /// <summary>After the first step that ends so much time after the last checkpoint, or after the start. Text: <c>10minutes</c>, <c>30seconds</c>.</summary>
    /// <param name="time">Above 0 and at most 1,000,000,000 seconds.</param>
    /// <exception cref="ArgumentException">The time is outside its range.</exception>
    public static CheckpointInterval Every(TimeSpan time)
    {
        Check(nameof(Every), Duration, time.TotalSeconds);
        return new() { Time = time };
    }

    /// <summary>Reads a text form.</summary>
    /// <exception cref="FormatException">The text is not a legal form.</exception>
    public static CheckpointInterval Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        int unit = text.Length;
        while (unit > 0 && char.IsAsciiLetter(text[unit - 1])) unit--;
        bool whole = int.TryParse(text.AsSpan(0, unit), NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count >= 1;
        bool number = double.TryParse(text.AsSpan(0, unit), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double time) && time > 0;
        CheckpointInterval? interval = text[unit..] switch
        {
            "epoch" or "epochs" when whole => EveryEpochs(count),
            "step" or "steps" when whole => EverySteps(count),
            "minute" or "minutes" when number && Duration.Contains(60 * time) => Every(TimeSpan.FromMinutes(time)),
            "second" or "seconds" when number && Duration.Contains(time) => Every(TimeSpan.FromSeconds(time)),
            _ => null,
        };
        return interval ?? throw new FormatException($"must be a number of epochs, steps, minutes or seconds, such as 5epochs, 500steps, 10minutes or 30seconds, but was '{text}'.");
    }

    /// <summary>The text form.</summary>
    public override string ToString()
    {
        if (Time is not { } time) return Epochs is { } epochs ? Text(epochs, "epoch") : Text(Steps!.Value, "step");
        bool minutes = time.TotalSeconds % 60 == 0;
        return Text(minutes ? time.TotalMinutes : time.TotalSeconds, minutes ? "minute" : "second");
    }

    private static string Text(double number, string unit) => string.Create(CultureInfo.InvariantCulture, $"{number:0.#######}{unit}{(number == 1 ? "" : "s")}");

    private static T Check<T>(string method, OptionRange range, T value)
        where T : struct, IConvertible
    {
        var errors = new OptionErrors($"{nameof(CheckpointInterval)}.{method}");
        errors.Check(range, value.ToDouble(CultureInfo.InvariantCulture));
        errors.ThrowIfAny();
        return value;
    }
}
