namespace MlnetClip.Forecasting;

/// <summary>
/// The sums of weighted least squares with an intercept and several outputs: <c>A = sum(w x xᵀ)</c> and, for each output, <c>b = sum(w y x)</c>, where
/// the intercept is a last input of 1. The outputs share one A. Those that lack targets which others have differ from it by the rows that they lack, and
/// outputs that lack the same rows share that difference.
/// </summary>
/// <remarks>Each element is summed in the order of the rows, by one thread, so that the result does not depend on the number of threads.</remarks>
internal sealed class NormalEquations
{
    private const int BlockRows = 64;
    private const long ParallelFrom = 1 << 18; // products of a block from which a second thread is worth its start

    private readonly ILinearRows _rows;
    private readonly int _outputs, _threads;
    private readonly double[] _x, _left, _y, _w, _base;
    private readonly CancellationToken _cancellation;
    private readonly Action<int> _addMatrixRow, _addMoments; // made once: a delegate for each block would be garbage
    private int _count;

    /// <summary>Reads all rows once.</summary>
    public NormalEquations(ILinearRows rows, int features, int outputs, int threads, CancellationToken cancellation)
    {
        (_rows, _outputs, _cancellation) = (rows, outputs, cancellation);
        Size = features + 1;
        _threads = LinearWork.Threads(threads, (double)rows.Count * Size * (Size + outputs));
        (_x, _left) = (new double[BlockRows * Size], new double[BlockRows * Size]);
        (_y, _w, _base) = (new double[BlockRows * outputs], new double[BlockRows * outputs], new double[BlockRows]);
        Sums = new LinearSums(Size, new double[(long)Size * Size], new double[(long)outputs * Size], new double[outputs]);
        (_addMatrixRow, _addMoments) = (AddMatrixRow, AddMoments);
        Groups = GroupsOf(Sum());
    }

    /// <summary>The inputs and the intercept.</summary>
    public int Size { get; }

    /// <summary>The sums, whose A counts each row with the largest weight that any of its targets has.</summary>
    public LinearSums Sums { get; }

    /// <summary>Outputs that have targets in the same rows with the same weights, in order of their first.</summary>
    public IReadOnlyList<OutputGroup> Groups { get; }

    /// <summary>The sums of some groups, whose A counts each row with its weight in the group. Reads the rows again if one differs from <see cref="Sums"/>.</summary>
    public LinearSums[] SumsOf(IReadOnlyList<OutputGroup> groups)
    {
        if (groups.All(group => group.IsComplete)) return [.. groups.Select(_ => Sums)];
        double[][] matrices = [.. groups.Select(_ => (double[])Sums.Matrix.Clone())];
        Action<int> subtract = g =>
        {
            int output = groups[g].Outputs[0];
            for (int r = 0; r < _count; r++)
            {
                double excess = _base[r] - _w[(r * _outputs) + output];
                if (excess > 0) Subtract(matrices[g], excess, _x.AsSpan(r * Size, Size));
            }
        };
        for (int start = 0; start < _rows.Count; start += BlockRows)
        {
            ReadBlock(start);
            For(groups.Count, groups.Count > 1, subtract);
        }

        return [.. matrices.Select(matrix => Sums with { Matrix = matrix })];
    }

    private void AddMatrixRow(int i) => VectorMath.AddRows(Sums.Matrix.AsSpan(i * Size, i + 1), _left.AsSpan(i), Size, _x, Size, _count);

    private void AddMoments(int k) => VectorMath.AddRows(Sums.Moments.AsSpan(k * Size, Size), _y.AsSpan(k), _outputs, _x, Size, _count);

    private void Subtract(double[] matrix, double excess, ReadOnlySpan<double> x)
    {
        for (int i = 0; i < Size; i++) VectorMath.AddScaled(matrix.AsSpan(i * Size, i + 1), -excess * x[i], x);
    }

    /// <summary>Sums A and b; returns for each output what tells its missing rows from those of others.</summary>
    private (ulong First, ulong Second)[] Sum()
    {
        var missing = new (ulong First, ulong Second)[_outputs];
        for (int start = 0; start < _rows.Count; start += BlockRows)
        {
            int count = ReadBlock(start);
            For(Size, (long)count * Size * Size >= ParallelFrom, _addMatrixRow);
            for (int r = 0; r < count; r++)
            {
                for (int k = 0; k < _outputs; k++)
                {
                    double weight = _w[(r * _outputs) + k];
                    if (weight < _base[r]) missing[k] = Mix(missing[k], (ulong)(start + r), BitConverter.DoubleToUInt64Bits(weight));
                    double y = weight > 0 ? _y[(r * _outputs) + k] : 0;
                    Sums.Squares[k] += weight * y * y;
                    _y[(r * _outputs) + k] = weight * y;
                }
            }

            For(_outputs, (long)count * Size * _outputs >= ParallelFrom, _addMoments);
        }

        return missing;
    }

    /// <summary>Reads rows into the block: x with the intercept, x times the row's largest weight, y and w.</summary>
    private int ReadBlock(int start)
    {
        _cancellation.ThrowIfCancellationRequested();
        int count = Math.Min(BlockRows, _rows.Count - start);
        for (int r = 0; r < count; r++)
        {
            Span<double> x = _x.AsSpan(r * Size, Size), left = _left.AsSpan(r * Size, Size), w = _w.AsSpan(r * _outputs, _outputs);
            _rows.Read(start + r, x[..^1], _y.AsSpan(r * _outputs, _outputs), w);
            x[^1] = 1;
            double largest = 0;
            foreach (double weight in w) largest = Math.Max(largest, weight);
            _base[r] = largest;
            for (int i = 0; i < Size; i++) left[i] = largest * x[i];
        }

        return _count = count;
    }

    private void For(int count, bool worthwhile, Action<int> body) => LinearWork.For(count, worthwhile ? _threads : 1, body, _cancellation);

    private static List<OutputGroup> GroupsOf((ulong First, ulong Second)[] missing) =>
        [.. missing.Index().GroupBy(one => one.Item, one => one.Index).Select(group => new OutputGroup([.. group], IsComplete: group.Key == default))];

    /// <summary>Two independent hashes of a sequence, so that equal ones are equal sequences for all practical purposes.</summary>
    private static (ulong First, ulong Second) Mix((ulong First, ulong Second) hash, ulong row, ulong weight) =>
        (Mix(Mix(hash.First ^ 0x9E3779B97F4A7C15, row), weight), Mix(Mix(hash.Second ^ 0xD1B54A32D192ED03, row ^ 0xA5A5A5A5A5A5A5A5), weight));

    private static ulong Mix(ulong hash, ulong value)
    {
        hash = (hash ^ value) * 0xBF58476D1CE4E5B9;
        hash = (hash ^ (hash >> 29)) * 0x94D049BB133111EB;
        return hash ^ (hash >> 32);
    }
}
