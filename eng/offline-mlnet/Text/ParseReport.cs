using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Tells the log what a reading of a text file stumbled over: the first ten of each kind, and the sums.</summary>
internal sealed class ParseReport(IChannelProvider provider) : IDisposable
{
    private const int Shown = 10;
    private readonly IChannel _channel = provider.Start("ParseStats");
    private long _rows, _badValues, _badQuotes;
    private bool _disposed;

    public void Row() => _rows++;

    public void BadValue(long line, string column, int? slot)
    {
        if (++_badValues > Shown)
            return;
        _channel.Info(MessageSensitivity.Schema, $"  Bad value at line {line} in column {column}{(slot is int s ? $" at slot {s}" : "")}");
        if (_badValues == Shown)
            _channel.Info(MessageSensitivity.Unknown, "  Suppressing further bad value messages");
    }

    public void BadQuotes(string path, long line)
    {
        if (++_badQuotes > Shown)
            return;
        _channel.Warning(MessageSensitivity.Unknown, $"Format error at {path}({line}): Illegal quoting");
        if (_badQuotes == Shown)
            _channel.Warning(MessageSensitivity.Unknown, "Suppressing further format error messages");
    }

    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        if (_badValues + _badQuotes > 0)
            _channel.Info(MessageSensitivity.Unknown, $"Processed {_rows} rows with {_badValues} bad values and {_badQuotes} format errors");
        _channel.Dispose();
    }
}
