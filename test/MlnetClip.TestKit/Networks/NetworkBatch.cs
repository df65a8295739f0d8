namespace MlnetClip.TestKit.Networks;

/// <summary>A batch in double. Arrays are flat and row-major; sequences are padded at their end.</summary>
public sealed class NetworkBatch
{
    /// <summary>T.</summary>
    public required int Steps { get; init; }

    /// <summary>B.</summary>
    public required int Size { get; init; }

    /// <summary>[T, B, F].</summary>
    public required double[] Inputs { get; init; }

    /// <summary>[T, B, C], one column for each embedding.</summary>
    public int[] Ids { get; init; } = [];

    /// <summary>[B], each 1 to T; empty where every sequence has T steps.</summary>
    public int[] Lengths { get; init; } = [];

    /// <summary>[S, B, K]: S is T for <c>everystep</c> and 1 otherwise; K is O, or 1 for <c>crossentropy</c>, whose targets are class indices.</summary>
    public required double[] Targets { get; init; }

    /// <summary>[S, B, K]; 0 for a missing target and in padding.</summary>
    public required double[] Weights { get; init; }

    /// <summary>The number of steps of a sequence.</summary>
    public int LengthOf(int sequence) => Lengths.Length == 0 ? Steps : Lengths[sequence];
}
