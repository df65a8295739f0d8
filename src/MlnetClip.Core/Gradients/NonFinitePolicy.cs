using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using MlnetClip.Clipping;
using MlnetClip.Gradients;
using MlnetClip.Settings;

namespace MlnetClip;

/// <summary>
/// What training does when a gradient holds a NaN or an infinity. The policy applies before any clipping rule.
/// Immutable, equal by value, with a text form that <see cref="Parse"/> reads and that is its JSON form too.
/// </summary>
/// <remarks>
/// The default is <see cref="Throw"/>: float32 training without loss scaling has no harmless overflows, so such a
/// gradient means bad data or diverged parameters, and it is better to stop than to continue training.
/// Every occurrence is counted and reported under every policy.
/// </remarks>
[JsonConverter(typeof(NonFinitePolicyJsonConverter))]
public sealed record NonFinitePolicy
{
    private NonFinitePolicy(NonFiniteAction action) => Action = action;

    /// <summary>Ends the fit, naming the first bad tensor, its layer and gate, and the step. Text: <c>throw</c>. The default.</summary>
    public static NonFinitePolicy Throw { get; } = new(NonFiniteAction.Throw);

    /// <summary>The action.</summary>
    public NonFiniteAction Action { get; }

    /// <summary>The number of consecutive non-finite steps that are tolerated; one more ends the fit.</summary>
    public int MaxConsecutive { get; private init; }

    /// <summary>The factor that each roll-back applies to the learning rate.</summary>
    public float LearningRateFactor { get; private init; }

    /// <summary>The number of steps between snapshots for roll-backs.</summary>
    public int SnapshotEvery { get; private init; }

    /// <summary>The largest number of roll-backs in one fit; one more ends it.</summary>
    public int MaxRollBacks { get; private init; }

    /// <summary>Skips such a step: there is no update. Text: <c>skip:10</c>.</summary>
    /// <param name="maxConsecutive">The largest number of consecutive steps of this kind, 1 or more; one more ends the fit.</param>
    /// <exception cref="ArgumentException"><paramref name="maxConsecutive"/> is outside its range.</exception>
    public static NonFinitePolicy SkipStep(int maxConsecutive = DefaultConsecutive)
    {
        new OptionErrors(Owner(nameof(SkipStep))).CheckSingle(ClippingRanges.MaxConsecutive, maxConsecutive).ThrowIfAny();
        return new(NonFiniteAction.SkipStep) { MaxConsecutive = maxConsecutive };
    }

    /// <summary>Sets the gradients of the affected tensors to zero and takes the step with the others. Text: <c>zero:10</c>.</summary>
    /// <inheritdoc cref="SkipStep"/>
    public static NonFinitePolicy ZeroTensor(int maxConsecutive = DefaultConsecutive)
    {
        new OptionErrors(Owner(nameof(ZeroTensor))).CheckSingle(ClippingRanges.MaxConsecutive, maxConsecutive).ThrowIfAny();
        return new(NonFiniteAction.ZeroTensor) { MaxConsecutive = maxConsecutive };
    }

    /// <summary>
    /// Restores parameters and optimizer from the last snapshot that gave a finite gradient and continues from there with a
    /// lower learning rate. Text: <c>rollback:0.5</c>, <c>rollback:0.5,every=100,max=10</c>.
    /// </summary>
    /// <param name="learningRateFactor">The factor that each roll-back applies to the learning rate, above 0 and at most 1.</param>
    /// <param name="snapshotEvery">Steps between snapshots, 1 or more.</param>
    /// <param name="maxRollBacks">The largest number of roll-backs in one fit, 1 or more; one more ends it.</param>
    /// <exception cref="ArgumentException">An option is outside its range.</exception>
    public static NonFinitePolicy RollBack(
        double learningRateFactor = DefaultFactor, int snapshotEvery = DefaultEvery, int maxRollBacks = DefaultRollBacks)
    {
        new OptionErrors(Owner(nameof(RollBack)))
            .CheckSingle(ClippingRanges.LearningRateFactor, learningRateFactor)
            .CheckSingle(ClippingRanges.SnapshotEvery, snapshotEvery)
            .CheckSingle(ClippingRanges.MaxRollBacks, maxRollBacks)
            .ThrowIfAny();
        return new(NonFiniteAction.RollBack)
        {
            LearningRateFactor = (float)learningRateFactor, SnapshotEvery = snapshotEvery, MaxRollBacks = maxRollBacks,
        };
    }

    /// <summary>Reads a text form, for example <c>skip:10</c>.</summary>
    /// <exception cref="SettingFormatException">The text is not a legal form; the message points at the offending character.</exception>
    public static NonFinitePolicy Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return s_parser.Read(text, 0, text.Length);
    }

    /// <summary>Reads a text form; returns false where <see cref="Parse"/> would throw.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out NonFinitePolicy? policy)
    {
        try
        {
            policy = text is null ? null : Parse(text);
        }
        catch (SettingFormatException)
        {
            policy = null;
        }

        return policy is not null;
    }

    /// <summary>The text form.</summary>
    public override string ToString() => Action switch
    {
        NonFiniteAction.Throw => "throw",
        NonFiniteAction.SkipStep => $"skip:{MaxConsecutive}",
        NonFiniteAction.ZeroTensor => $"zero:{MaxConsecutive}",
        _ => $"rollback:{SettingNumber.Print(LearningRateFactor)}"
            + (SnapshotEvery == DefaultEvery ? "" : $",every={SnapshotEvery}")
            + (MaxRollBacks == DefaultRollBacks ? "" : $",max={MaxRollBacks}"),
    };

    /// <summary>Describes the policy in words.</summary>
    public string Describe() => Action switch
    {
        NonFiniteAction.Throw => "the fit ends",
        NonFiniteAction.SkipStep => $"such a step is skipped; more than {MaxConsecutive} in a row end the fit",
        NonFiniteAction.ZeroTensor => $"the gradients of the affected tensors are set to zero; more than {MaxConsecutive} such steps in a row end the fit",
        _ => $"weights and optimizer are restored from the last snapshot (one every {SnapshotEvery} steps), and the learning rate is multiplied "
            + $"by {SettingNumber.Print(LearningRateFactor)} each time; more than {MaxRollBacks} times end the fit",
    };

    private const int DefaultConsecutive = 10;
    private const float DefaultFactor = 0.5f;
    private const int DefaultEvery = 100;
    private const int DefaultRollBacks = 10;

    private static readonly SettingForm<NonFinitePolicy>[] s_forms =
    [
        new("throw", "throw", _ => Throw),
        new("skip", "skip[:MAXCONSECUTIVE]", a => SkipStep((int)a.Number(ClippingRanges.MaxConsecutive, DefaultConsecutive))),
        new("zero", "zero[:MAXCONSECUTIVE]", a => ZeroTensor((int)a.Number(ClippingRanges.MaxConsecutive, DefaultConsecutive))),
        new("rollback", "rollback[:FACTOR,every=STEPS,max=TIMES]", a => RollBack(
            a.Number(ClippingRanges.LearningRateFactor, DefaultFactor),
            (int)a.Number("every", ClippingRanges.SnapshotEvery, DefaultEvery),
            (int)a.Number("max", ClippingRanges.MaxRollBacks, DefaultRollBacks))),
    ];

    private static readonly SettingParser<NonFinitePolicy> s_parser =
        new(nameof(NonFinitePolicy), s_forms, string.Join(", ", s_forms.Select(f => f.Usage)) + ".");

    private static string Owner(string method) => $"{nameof(NonFinitePolicy)}.{method}";
}
