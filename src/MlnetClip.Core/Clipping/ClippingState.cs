using MlnetClip.Clipping;

namespace MlnetClip;

/// <summary>
/// The state of a rule between steps, kept apart from the rule itself, so that a checkpoint can store it and a
/// resumed fit clips exactly as the uninterrupted one would have.
/// </summary>
public abstract class ClippingState
{
    /// <summary>The version that <see cref="Write"/> writes; raised whenever its layout changes.</summary>
    public abstract int Version { get; }

    /// <summary>Describes the state in words, for example <c>threshold 0.31 from 1000 norms</c>.</summary>
    public abstract string Describe();

    /// <summary>Writes the whole state.</summary>
    public abstract void Write(BinaryWriter writer);

    /// <summary>Reads what <see cref="Write"/> wrote, replacing the state.</summary>
    /// <param name="reader">Where the state starts.</param>
    /// <param name="version">The version in which the state was written, from 1 to <see cref="Version"/>.</param>
    /// <exception cref="InvalidDataException">The data is not a state of this rule.</exception>
    public abstract void Read(BinaryReader reader, int version);
}
