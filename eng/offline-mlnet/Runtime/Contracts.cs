using System.Globalization;

namespace Microsoft.ML.Runtime;

/// <summary>
/// Checks and the exceptions they throw. A context, when there is one, marks the exception as its own;
/// model loading wraps marked exceptions and lets others through as the loader threw them.
/// </summary>
internal static class Contracts
{
    private const string MarkKey = "ML_IsMarked";
    private const IExceptionContext None = null;

    public static bool IsMarked(this Exception exception) => exception.Data.Contains(MarkKey);

    public static TException Mark<TException>(TException exception) where TException : Exception
    {
        exception.Data[MarkKey] = 1;
        return exception;
    }

    private static TException Process<TException>(TException exception, IExceptionContext context) where TException : Exception =>
        context is null ? Mark(exception) : context.Process(exception);

    private static string Format(string message, object[] args) =>
        args.Length == 0 ? message : string.Format(CultureInfo.InvariantCulture, message, args);

    public static Exception Except(string message, params object[] args) => Except(None, message, args);
    public static Exception Except(this IExceptionContext context, string message, params object[] args) =>
        Process(new InvalidOperationException(Format(message, args)), context);
    public static Exception Except(Exception inner, string message, params object[] args) => Except(None, inner, message, args);
    public static Exception Except(this IExceptionContext context, Exception inner, string message, params object[] args) =>
        Process(new InvalidOperationException(Format(message, args), inner), context);

    public static Exception ExceptParam(string parameter, string message, params object[] args) => ExceptParam(None, parameter, message, args);
    public static Exception ExceptParam(this IExceptionContext context, string parameter, string message, params object[] args) =>
        Process(new ArgumentOutOfRangeException(parameter, Format(message, args)), context);

    public static Exception ExceptDecode(string message, params object[] args) => ExceptDecode(None, message, args);
    public static Exception ExceptDecode(this IExceptionContext context, string message, params object[] args) =>
        Process(new FormatException(Format(message, args)), context);
    public static Exception ExceptDecode(this IExceptionContext context, Exception inner, string message, params object[] args) =>
        Process(new FormatException(Format(message, args), inner), context);

    public static Exception ExceptSchemaMismatch(string parameter, string role, string column, string expected = null, string actual = null) =>
        ExceptSchemaMismatch(null, parameter, role, column, expected, actual);
    public static Exception ExceptSchemaMismatch(this IExceptionContext context, string parameter, string role, string column, string expected = null, string actual = null) =>
        Process(new ArgumentOutOfRangeException(parameter, actual is null
            ? $"Could not find {role} column '{column}'"
            : $"Schema mismatch for {role} column '{column}': expected {expected}, got {actual}"), context);

    public static void Check(bool holds, string message = null) => Check(null, holds, message);
    public static void Check(this IExceptionContext context, bool holds, string message = null)
    {
        if (!holds)
            throw Process(message is null ? new InvalidOperationException() : new InvalidOperationException(message), context);
    }

    public static void CheckParam(bool holds, string parameter, string message = null) => CheckParam(null, holds, parameter, message);
    public static void CheckParam(this IExceptionContext context, bool holds, string parameter, string message = null)
    {
        if (!holds)
            throw Process(message is null ? new ArgumentOutOfRangeException(parameter) : new ArgumentOutOfRangeException(parameter, message), context);
    }

    public static void CheckUserArg(bool holds, string name, string message = null) => CheckParam(null, holds, name, message);
    public static void CheckUserArg(this IExceptionContext context, bool holds, string name, string message = null) =>
        CheckParam(context, holds, name, message);

    public static void CheckValue<T>(T value, string parameter) where T : class => CheckValue(null, value, parameter);
    public static void CheckValue<T>(this IExceptionContext context, T value, string parameter) where T : class
    {
        if (value is null)
            throw Process(new ArgumentNullException(parameter), context);
    }

    public static T CheckRef<T>(T value, string parameter) where T : class
    {
        CheckValue(null, value, parameter);
        return value;
    }

    public static string CheckNonEmpty(string value, string parameter) => CheckNonEmpty(null, value, parameter);
    public static string CheckNonEmpty(this IExceptionContext context, string value, string parameter)
    {
        CheckParam(context, !string.IsNullOrEmpty(value), parameter, $"{parameter} cannot be null or empty");
        return value;
    }

    public static void CheckDecode(bool holds, string message = null) => CheckDecode(null, holds, message);
    public static void CheckDecode(this IExceptionContext context, bool holds, string message = null)
    {
        if (!holds)
            throw Process(message is null ? new FormatException() : new FormatException(message), context);
    }
}
