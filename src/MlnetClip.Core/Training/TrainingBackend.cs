using System.Collections.Concurrent;
using MlnetClip.Training;

namespace MlnetClip;

/// <summary>
/// The engine to train with, as a description that prints, compares and is stored in the model. It creates the engine for a fit.
/// Other packages add engines by deriving from it.
/// </summary>
public abstract record TrainingBackend
{
    private static readonly ConcurrentDictionary<string, Func<string, TrainingBackend>> s_others = new(StringComparer.Ordinal);

    /// <summary>The engine in managed code: no native dependencies, bit-identical on any number of threads. Text form: <c>managed</c>.</summary>
    public static TrainingBackend Managed { get; } = new ManagedTrainingBackend();

    /// <summary>The text form, for example <c>managed</c>.</summary>
    public abstract string Text { get; }

    /// <summary>Makes <see cref="Parse"/> read the text forms of an engine of another package, in the whole process.</summary>
    /// <param name="name">What its text forms begin with, up to a colon or the end, for example <c>torch</c>.</param>
    /// <param name="parse">Reads a text form; throws <see cref="FormatException"/> with a message that begins with "must be" when it cannot.</param>
    public static void Register(string name, Func<string, TrainingBackend> parse)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(parse);
        s_others[name] = parse;
    }

    /// <summary>Reads the text form of the managed engine, or of one that was registered.</summary>
    /// <exception cref="FormatException">There is no such engine.</exception>
    public static TrainingBackend Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text == Managed.Text) return Managed;
        if (s_others.TryGetValue(text.Split(':')[0], out Func<string, TrainingBackend>? parse)) return parse(text);
        throw new FormatException($"must be {string.Join(" or ", [Managed.Text, .. s_others.Keys.Order(StringComparer.Ordinal)])}, but was '{text}'.");
    }

    /// <summary>Creates the engine.</summary>
    /// <param name="request">The model, the sizes of the batches, the loss and the seed.</param>
    /// <returns>The engine with initialized parameters; the caller disposes of it.</returns>
    /// <exception cref="ArgumentException">A size is outside its range, or the shape does not match the model and the loss.</exception>
    public abstract IBackend Create(BackendRequest request);

    /// <summary>The text form.</summary>
    public sealed override string ToString() => Text;

    private sealed record ManagedTrainingBackend : TrainingBackend
    {
        public override string Text => "managed";

        public override IBackend Create(BackendRequest request)
        {
            ArgumentNullException.ThrowIfNull(request);
            var backend = new ManagedBackend(request.Model, request.Shape, request.BatchSize, request.Loss, request.Threads);
            backend.Initialize(request.Seed);
            return backend;
        }
    }
}
