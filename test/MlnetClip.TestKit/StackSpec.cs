using MlnetClip.Data;
using MlnetClip.Kernels;
using MlnetClip.Models;
using MlnetClip.Training;

namespace MlnetClip.TestKit;

/// <summary>Equal recurrent layers on top of each other and a dense head over the last time step: the sizes in short, for tests.</summary>
public sealed record StackSpec(
    int Features, int HiddenSize, int Layers, int Outputs, float Dropout = 0f, RecurrentCell Cell = RecurrentCell.Lstm)
{
    /// <summary>The model.</summary>
    public ModelSpec Model =>
        ModelSpec.Stack(Features, new RecurrentSpec(Cell, HiddenSize), Layers, new HeadSpec(Pooling.Last, Outputs), Dropout);

    /// <summary>The model.</summary>
    public static implicit operator ModelSpec(StackSpec spec) => spec.Model;

    /// <summary>The sizes of its sequences.</summary>
    /// <param name="timeSteps">T.</param>
    /// <param name="loss">The loss; null for one with a target for each output.</param>
    public BatchShape Shape(int timeSteps, ILoss? loss = null) => new(timeSteps, Features, loss?.TargetsFor(Outputs) ?? Outputs);

    /// <summary>A backend for it.</summary>
    internal ManagedBackend Backend(int timeSteps, int batchSize, ILoss loss, int threads = 1, KernelSet? kernels = null) =>
        new(Model, Shape(timeSteps, loss), batchSize, loss, threads, kernels ?? KernelSet.Best);
}
