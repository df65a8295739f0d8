using MlnetClip.Data;

namespace ExplodingGradients;

/// <summary>
/// The temporal-order task (Hochreiter and Schmidhuber 1997; Pascanu et al. 2013): a sequence of distractors contains two
/// symbols, each A or B, one early and one in the middle; the class is their order, one of four. Sequence i depends only on the seed and on i.
/// </summary>
internal sealed class TemporalOrder(ulong seed, int count, int timeSteps) : ISequenceSource
{
    public const int Symbols = 6; // A, B and four distractors, one-hot
    public const int Classes = 4;

    public int Count => count;

    public BatchShape Shape { get; } = new(timeSteps, Symbols, Targets: 1); // the index of the class

    public void Fill(ReadOnlySpan<int> indices, SequenceBatch batch)
    {
        int B = indices.Length;
        batch.Resize(B);
        batch.Inputs.Clear();
        batch.Weights.Fill(1f);
        for (int b = 0; b < B; b++)
        {
            var random = new SeededRandom(SeededRandom.Derive(seed, (ulong)indices[b]));
            int first = Position(random, 0.1), second = Position(random, 0.5);
            int a = random.NextInt32(2), c = random.NextInt32(2);
            for (int t = 0; t < timeSteps; t++)
            {
                int symbol = t == first ? a : t == second ? c : 2 + random.NextInt32(Symbols - 2);
                batch.Inputs[(((t * B) + b) * Symbols) + symbol] = 1f;
            }

            batch.Targets[b] = (2 * a) + c;
        }
    }

    /// <summary>A position in the tenth of the sequence that begins at a share of it.</summary>
    private int Position(SeededRandom random, double share) =>
        (int)(timeSteps * share) + random.NextInt32(Math.Max(1, timeSteps / 10));
}
