using System.Diagnostics.CodeAnalysis;

namespace MlnetClip.Build.Tests;

/// <summary>Every kind of visibility, for the publicizer.</summary>
[SuppressMessage("Performance", "CA1852", Justification = "A sealed class has no protected members to speak of.")]
internal class Specimen
{
    internal int InternalField = 1;
    private readonly int PrivateField = 2;

    internal Specimen()
    {
    }

    internal int InternalMethod() => PrivateMethod();

    private int PrivateMethod() => PrivateField;

    protected int ProtectedMethod() => 3;

    private protected int PrivateProtectedMethod() => 4;

    protected internal int ProtectedInternalMethod() => 5;

    internal sealed class Internal;

    private sealed class Private;

    private protected sealed class PrivateProtected;
}
