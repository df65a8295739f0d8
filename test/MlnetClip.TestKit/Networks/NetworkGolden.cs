using System.Text.Json;

namespace MlnetClip.TestKit.Networks;

/// <summary>One file of <c>test/Goldens/networks</c> or <c>test/Goldens/dropout</c>: a batch through a network, and PyTorch's results.</summary>
/// <remarks>
/// Arrays are flat and row-major. Sequences are padded at their end; the padding of inputs and targets, and every target
/// whose weight is 0, holds 1000, so that an engine that reads it fails.
/// </remarks>
public sealed class NetworkGolden
{
    private NetworkGolden(string name, GoldenFile file)
    {
        Name = name;
        Description = NetworkDescription.Parse(file.Json("model"));
        (Steps, Size, Loss, Value) = (file.Integer("steps"), file.Integer("batch"), file.Text("loss"), (float)file.Number("value"));
        (Parameters, Gradients) = (file.Arrays("parameters"), file.Arrays("gradients"));
        Masks = file.Has("masks") ? file.Arrays("masks") : new Dictionary<string, float[]>();
        Inputs = file.Array("inputs");
        Ids = file.Has("ids") ? file.Integers("ids") : [];
        Lengths = file.Has("lengths") ? file.Integers("lengths") : [.. Enumerable.Repeat(Steps, Size)];
        (Targets, Weights, Outputs) = (file.Array("targets"), file.Array("weights"), file.Array("outputs"));
    }

    /// <summary>The path below <c>test/Goldens</c>, without extension.</summary>
    public string Name { get; }

    /// <summary>The network.</summary>
    public NetworkDescription Description { get; }

    /// <summary>T.</summary>
    public int Steps { get; }

    /// <summary>B.</summary>
    public int Size { get; }

    /// <summary>S: T if the head gives a result for every step, otherwise 1.</summary>
    public int OutputSteps => Description.Head.Pooling == "everystep" ? Steps : 1;

    /// <summary>C, the columns of ids.</summary>
    public int IdColumns => Description.Embeddings.Count;

    /// <summary>K, the targets of a row: 1 for <c>crossentropy</c>, otherwise O.</summary>
    public int TargetWidth => Loss == "crossentropy" ? 1 : Description.Head.Outputs;

    /// <summary>The loss's text form: <c>mse</c>, <c>huber:0.5</c> or <c>crossentropy</c>.</summary>
    public string Loss { get; }

    /// <summary>The values of the parameters by name, in the order of the network.</summary>
    public IReadOnlyDictionary<string, float[]> Parameters { get; }

    /// <summary>[T, B, F].</summary>
    public float[] Inputs { get; }

    /// <summary>[T, B, C].</summary>
    public int[] Ids { get; }

    /// <summary>[B], each 1 to T. <see cref="HasLengths"/> says whether any is below T.</summary>
    public int[] Lengths { get; }

    /// <summary>Whether any sequence is padded.</summary>
    public bool HasLengths => Array.Exists(Lengths, length => length < Steps);

    /// <summary>
    /// Dropout's masks by name, each element 0 or 1 / (1 - rate): <c>recurrent{k}</c> and <c>recurrent{k}_reverse</c>
    /// [B, H] for recurrent layer k, <c>dropout{j}</c> [T, B, width] for dropout layer j. Empty in <c>networks</c>.
    /// </summary>
    public IReadOnlyDictionary<string, float[]> Masks { get; }

    /// <summary>[S, B, K]; class indices for <c>crossentropy</c>.</summary>
    public float[] Targets { get; }

    /// <summary>[S, B, K]; 0 for a missing target and in padding.</summary>
    public float[] Weights { get; }

    /// <summary>PyTorch's outputs, [S, B, O]; padded steps are 0, and an engine may leave anything there.</summary>
    public float[] Outputs { get; }

    /// <summary>sum(weight * loss) / sum(weight).</summary>
    public double Value { get; }

    /// <summary>The gradients of <see cref="Value"/> by the parameters' names.</summary>
    public IReadOnlyDictionary<string, float[]> Gradients { get; }

    /// <summary>Reads a file by its path below <c>test/Goldens</c>, without extension: <c>networks/lstm-h5</c>.</summary>
    public static NetworkGolden Load(string name) => new(name, GoldenFile.Load(name));

    /// <summary>
    /// Fails unless every output of a valid step is within <paramref name="tolerance"/> times the largest output.
    /// What an engine leaves in padded steps does not matter.
    /// </summary>
    /// <param name="actual">[S, B, O].</param>
    /// <param name="tolerance">As <see cref="Near.AssertAll(ReadOnlySpan{float}, ReadOnlySpan{float}, double, string)"/> takes it.</param>
    public void AssertOutputs(ReadOnlySpan<float> actual, double tolerance)
    {
        int O = Description.Head.Outputs;
        float[] valid = actual.ToArray();
        for (int i = 0; i < Math.Min(valid.Length, Outputs.Length); i++)
        {
            int row = i / O;
            if (row / Size >= Lengths[row % Size]) valid[i] = Outputs[i];
        }

        Near.AssertAll(Outputs, valid, tolerance, $"{Name}: outputs");
    }

    /// <summary>The same batch in double.</summary>
    public NetworkBatch ToBatch() => new()
    {
        Steps = Steps, Size = Size, Inputs = Near.Doubles(Inputs), Ids = Ids, Lengths = Lengths,
        Targets = Near.Doubles(Targets), Weights = Near.Doubles(Weights),
    };

    /// <summary>The network in double, with the file's parameters and masks.</summary>
    public ReferenceNetwork ToReference()
    {
        var network = new ReferenceNetwork(Description);
        foreach ((string name, float[] values) in Parameters) Near.Doubles(values).CopyTo(network.Parameters[name], 0);
        foreach ((string name, float[] mask) in Masks) network.Masks.Add(name, Near.Doubles(mask));
        return network;
    }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
