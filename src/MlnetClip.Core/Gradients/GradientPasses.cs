using MlnetClip.Kernels;
using MlnetClip.Parameters;
using MlnetClip.Training;

namespace MlnetClip.Gradients;

/// <summary>
/// Passes over the elements of a gradient, divided among the workers when there are many. Every block is cut into
/// pieces of fixed length and their results are added in order, so the result does not depend on the number of threads.
/// </summary>
internal sealed class GradientPasses
{
    private const int PieceLength = 32_768; // 128 KiB: fits a second-level cache, and takes long compared with the handover to a thread
    private const int WorthSharing = 262_144; // elements; with fewer, waking the other threads costs more than it saves

    private readonly ParameterSet _parameters;
    private readonly IWorkers _workers;
    private readonly (int Offset, int Length)[] _pieces;
    private readonly int[] _firstPiece; // of each block, and one past the last
    private readonly int[] _list; // pieces of the current pass
    private readonly double[] _results; // by piece
    private readonly long[] _counts; // by piece
    private readonly Action<int, int> _square, _clamp, _scale, _largest, _power; // created once: a pass allocates nothing
    private int _listed;
    private long _elements;
    private float _multiplier, _lower, _upper;
    private double _factor, _scaleOfPowers, _order;

    public GradientPasses(ParameterSet parameters, GradientBlock[] blocks, IWorkers workers)
    {
        (_parameters, _workers) = (parameters, workers);
        var pieces = new List<(int, int)>();
        _firstPiece = new int[blocks.Length + 1];
        for (int i = 0; i < blocks.Length; i++)
        {
            for (int done = 0; done < blocks[i].Length; done += PieceLength)
                pieces.Add((blocks[i].Offset + done, Math.Min(PieceLength, blocks[i].Length - done)));
            _firstPiece[i + 1] = pieces.Count;
        }

        _pieces = [.. pieces];
        _list = new int[_pieces.Length];
        _results = new double[_pieces.Length];
        _counts = new long[_pieces.Length];
        _square = (i, _) => _results[_list[i]] = SumOfSquares.Of(Elements(_list[i]));
        _scale = (i, _) => ScaleInPlace.By(Elements(_list[i]), _factor);
        _largest = (i, _) => _results[_list[i]] = PowerNorm.Largest(Elements(_list[i]));
        _power = (i, _) => _results[_list[i]] = PowerNorm.Sum(Elements(_list[i]), _scaleOfPowers, _order);
        _clamp = (i, _) => ClampPiece(_list[i]);
    }

    /// <summary>Computes the sum of squares of each given block.</summary>
    public void Squares(int[] blocks, double[] squares)
    {
        Run(blocks, _square);
        foreach (int block in blocks) squares[block] = Sum(block);
    }

    /// <summary>Computes the sum of squares of one block.</summary>
    public double Square(int block)
    {
        _listed = 0;
        _elements = 0;
        List(block);
        Run(_square);
        return Sum(block);
    }

    /// <summary>Multiplies the given blocks.</summary>
    public void Scale(int[] blocks, double factor)
    {
        _factor = factor;
        Run(blocks, _scale);
    }

    /// <summary>Multiplies and then clamps the given blocks, measures them again, and adds to <paramref name="clamped"/> the number of elements that the clamp changed in each.</summary>
    public void Clamp(int[] blocks, float multiplier, float lower, float upper, double[] squares, long[] clamped)
    {
        (_multiplier, _lower, _upper) = (multiplier, lower, upper);
        Run(blocks, _clamp);
        foreach (int block in blocks)
        {
            for (int piece = _firstPiece[block]; piece < _firstPiece[block + 1]; piece++) clamped[block] += _counts[piece];
            squares[block] = Sum(block);
        }
    }

    /// <summary>Computes the largest magnitude in the given blocks.</summary>
    public float Largest(int[] blocks)
    {
        Run(blocks, _largest);
        double largest = 0;
        for (int i = 0; i < _listed; i++) largest = Math.Max(largest, _results[_list[i]]);
        return (float)largest;
    }

    /// <summary>Computes the sum of <c>(|x| / largest)^order</c> over the given blocks.</summary>
    public double Powers(int[] blocks, float largest, double order)
    {
        (_scaleOfPowers, _order) = (largest, order);
        Run(blocks, _power);
        double sum = 0;
        for (int i = 0; i < _listed; i++) sum += _results[_list[i]];
        return sum;
    }

    private Span<float> Elements(int piece) => _parameters.Gradients.Slice(_pieces[piece].Offset, _pieces[piece].Length);

    private void ClampPiece(int piece)
    {
        Span<float> elements = Elements(piece);
        _counts[piece] = ClampInPlace.To(elements, _lower, _upper, _multiplier);
        _results[piece] = SumOfSquares.Of(elements);
    }

    private double Sum(int block)
    {
        double sum = 0;
        for (int piece = _firstPiece[block]; piece < _firstPiece[block + 1]; piece++) sum += _results[piece];
        return sum;
    }

    private void Run(int[] blocks, Action<int, int> work)
    {
        _listed = 0;
        _elements = 0;
        foreach (int block in blocks) List(block);
        Run(work);
    }

    private void List(int block)
    {
        for (int piece = _firstPiece[block]; piece < _firstPiece[block + 1]; piece++)
        {
            _list[_listed++] = piece;
            _elements += _pieces[piece].Length;
        }
    }

    private void Run(Action<int, int> work)
    {
        if (_workers.Count > 1 && _elements >= WorthSharing) _workers.Run(_listed, work);
        else
            for (int i = 0; i < _listed; i++) work(i, 0);
    }
}
