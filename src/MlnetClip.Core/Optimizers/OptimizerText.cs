using MlnetClip.Settings;

namespace MlnetClip.Optimizers;

/// <summary>Reads the text form of an <see cref="Optimizer"/>.</summary>
internal static class OptimizerText
{
    private static readonly SettingForm<Optimizer>[] s_forms =
    [
        new("sgd", "sgd[:momentum=M,decay=D,nesterov=true,decoupled=true]", Sgd.Read),
        new("adam", "adam[:beta1=B,beta2=B,eps=E,decay=D]", a => Adam.Read(a, decoupled: false)),
        new("adamw", "adamw[:decay=D,beta1=B,beta2=B,eps=E]", a => Adam.Read(a, decoupled: true)),
        new("rmsprop", "rmsprop[:alpha=A,eps=E,momentum=M,decay=D,decoupled=true]", RmsProp.Read),
        new("adagrad", "adagrad[:eps=E,decay=D,decoupled=true]", Adagrad.Read),
    ];

    // Added to by Register; replaced as a whole, so that readers need no lock.
    private static volatile SettingParser<Optimizer> s_parser = CreateParser(s_forms);
    private static SettingForm<Optimizer>[] s_all = s_forms;

    public static Optimizer Parse(string text) => s_parser.Read(text, 0, text.Length);

    /// <summary>Registers the text form of a custom optimizer.</summary>
    /// <exception cref="ArgumentException">The name is taken or cannot be a name.</exception>
    public static void Register(string name, string usage, Func<string, Optimizer> create)
    {
        lock (s_forms)
        {
            if (name.Length == 0 || !name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-') || !char.IsAsciiLetter(name[0]))
                throw new ArgumentException($"An optimizer's name consists of lowercase letters, digits and hyphens and starts with a letter, got '{name}'.", nameof(name));
            if (s_all.Any(form => form.Name == name)) throw new ArgumentException($"An optimizer named '{name}' already exists.", nameof(name));
            s_all = [.. s_all, new(name, usage, a => Custom(a, create))];
            s_parser = CreateParser(s_all);
        }
    }

    private static SettingParser<Optimizer> CreateParser(SettingForm<Optimizer>[] forms) =>
        new(nameof(Optimizer), forms, string.Join(", ", forms.Select(form => form.Usage)) + ".");

    private static Optimizer Custom(SettingArguments arguments, Func<string, Optimizer> create)
    {
        try
        {
            return create(arguments.Rest());
        }
        catch (Exception error) when (error is FormatException or ArgumentException)
        {
            throw arguments.Fail(error.Message);
        }
    }
}
