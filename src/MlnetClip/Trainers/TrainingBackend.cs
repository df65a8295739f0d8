using MlnetClip.Data;
using MlnetClip.Models;
using MlnetClip.Trainers;
using MlnetClip.Training;

namespace MlnetClip;

/// <summary>
/// The engine to train with, as a description that prints, compares and is stored in the model. It creates the engine for a fit.
/// Other packages add engines by deriving from it.
/// </summary>
public abstract record TrainingBackend
{
    /// <summary>The engine in managed code: no native dependencies, bit-identical on any number of threads. Text form: <c>managed</c>.</summary>
    public static TrainingBackend Managed { get; } = new ManagedTrainingBackend();

    /// <summary>The text form, for example <c>managed</c>.</summary>
    public abstract string Text { get; }

    /// <summary>Reads the text form of an engine of this package.</summary>
    /// <exception cref="FormatException">There is no such engine.</exception>
    public static TrainingBackend Parse(string text) => text == Managed.Text
        ? Managed
        : throw new FormatException($"must be {Managed.Text}, but was '{text}'.");

    /// <summary>Creates the engine.</summary>
    /// <param name="model">The sizes of the model.</param>
    /// <param name="shape">The sizes of the sequences.</param>
    /// <param name="batchSize">The largest number of sequences of a batch, 1 or more.</param>
    /// <param name="loss">The loss to minimize.</param>
    /// <param name="threads">Threads that may work, 1 or more.</param>
    /// <param name="seed">Decides the initial values of the parameters.</param>
    /// <returns>The engine with initialized parameters; the caller disposes of it.</returns>
    public abstract IBackend Create(ModelSpec model, BatchShape shape, int batchSize, ILoss loss, int threads, ulong seed);

    /// <summary>The text form.</summary>
    public sealed override string ToString() => Text;

    private sealed record ManagedTrainingBackend : TrainingBackend
    {
        public override string Text => "managed";

        public override IBackend Create(ModelSpec model, BatchShape shape, int batchSize, ILoss loss, int threads, ulong seed)
        {
            var backend = new ManagedBackend(model, shape, batchSize, loss, threads);
            backend.Initialize(seed);
            return backend;
        }
    }
}
