using MlnetClip.Settings;

namespace MlnetClip;

/// <summary>
/// One option of a trainer as data: its name, range, default and text form. Validation, the training report, the comparison of
/// checkpoints and the command-line flags are derived from it.
/// </summary>
/// <typeparam name="TOptions">The trainer's options.</typeparam>
public abstract class TrainerOption<TOptions>
{
    private protected TrainerOption(string name, string description)
    {
        Name = name;
        Description = description;
    }

    /// <summary>The property's name.</summary>
    public string Name { get; }

    /// <summary>What the option does, for help texts: it begins in lower case, without a full stop.</summary>
    public string Description { get; }

    /// <summary>The command line's flag, for example <c>--window</c>; null for an option that has none.</summary>
    public string? Flag { get; internal init; }

    /// <summary>The placeholder for the value in the flag's help, for example <c>ROWS</c>; empty for a switch.</summary>
    public string Placeholder { get; internal init; } = "";

    /// <summary>The legal range of a number; null for other options.</summary>
    public OptionRange? Range { get; internal init; }

    /// <summary>Whether the option has no default.</summary>
    public bool IsRequired { get; internal init; }

    /// <summary>Whether it is on or off.</summary>
    public bool IsSwitch { get; internal init; }

    /// <summary>Whether the trained weights depend on it: such options go into the training report and are compared before a checkpoint is resumed.</summary>
    public bool ShapesModel { get; internal init; }

    /// <summary>The default's text form; null where there is none, or where it depends on the machine or on other options.</summary>
    public string? DefaultText => IsRequired ? null : PrintDefault();

    /// <summary>The text form of the option's value; <c>none</c> for one that is not set.</summary>
    public abstract string Print(TOptions options);

    /// <summary>Sets the option from its text form.</summary>
    /// <exception cref="FormatException">The text is not a legal value; the message is the end of a sentence that begins with the option.</exception>
    public abstract void Read(TOptions options, string text);

    /// <summary>The text form of the value that new options have; null where it is null.</summary>
    private protected abstract string? PrintDefault();

    /// <summary>Adds an error where the value is not legal.</summary>
    internal abstract void Check(TOptions options, OptionErrors errors);
}
