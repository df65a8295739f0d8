namespace MlnetClip.Cli.Tests;

/// <summary>Asserts about errors that users read.</summary>
internal static class Errors
{
    /// <summary>The action throws an <see cref="InputException"/> whose message has these parts.</summary>
    public static void Have(Action action, params string[] parts)
    {
        var error = Assert.ThrowsExactly<InputException>(action);
        foreach (string part in parts) StringAssert.Contains(error.Message, part);
    }
}
