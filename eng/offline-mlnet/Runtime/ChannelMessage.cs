using System.Globalization;

namespace Microsoft.ML.Runtime;

/// <summary>A log message.</summary>
public readonly struct ChannelMessage
{
    public readonly ChannelMessageKind Kind;
    public readonly MessageSensitivity Sensitivity;
    private readonly string _format;
    private readonly object[] _args;

    internal ChannelMessage(ChannelMessageKind kind, MessageSensitivity sensitivity, string message)
    {
        Kind = kind;
        Sensitivity = sensitivity;
        _format = Contracts.CheckNonEmpty(message, nameof(message));
    }

    internal ChannelMessage(ChannelMessageKind kind, MessageSensitivity sensitivity, string fmt, params object[] args)
    {
        Kind = kind;
        Sensitivity = sensitivity;
        _format = Contracts.CheckNonEmpty(fmt, nameof(fmt));
        Contracts.CheckParam(args is { Length: > 0 }, nameof(args), $"{nameof(args)} cannot be null or empty");
        _args = args;
    }

    public string Message => _args is null ? _format : string.Format(CultureInfo.CurrentCulture, _format, _args);
}
