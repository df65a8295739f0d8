using MlnetClip.Kernels;
using MlnetClip.Parameters;
using MlnetClip.Training;

namespace MlnetClip.Gradients;

/// <summary>
/// The gradient of one step for clipping: the flat buffer, the sum of squares of each block, and the scale that
/// is still to be applied. All <see cref="GradientGroup"/>s of a chain share one.
/// </summary>
/// <remarks>
/// One pass measures every block. The norms of layers, tensors and gates, and which block holds a NaN, then need no
/// other pass. A scale over the whole gradient only changes <see cref="Pending"/>, which the optimizer applies.
/// </remarks>
internal sealed class GradientStore
{
    private readonly GradientPasses _passes;
    private readonly bool[] _stale;
    private readonly long[] _ruleClamped; // by block, in the current rule
    private readonly long[] _clamped; // by block, the most of the rules so far
    private bool _anyStale;

    public GradientStore(ParameterSet parameters, IWorkers? workers = null)
    {
        Parameters = parameters;
        var blocks = new List<GradientBlock>();
        foreach (Parameter parameter in parameters.Items)
        {
            int gates = Math.Max(1, parameter.Gates.Count);
            int length = parameter.Length / gates;
            for (int gate = 0; gate < gates; gate++)
                blocks.Add(new GradientBlock(parameter.Index, gates == 1 ? -1 : gate, parameter.Offset + (gate * length), length));
        }

        Blocks = [.. blocks];
        All = [.. Enumerable.Range(0, Blocks.Length)];
        Squares = new double[Blocks.Length];
        SquaresAtStart = new double[Blocks.Length];
        SquaresBeforeRule = new double[Blocks.Length];
        _stale = new bool[Blocks.Length];
        _ruleClamped = new long[Blocks.Length];
        _clamped = new long[Blocks.Length];
        _passes = new GradientPasses(parameters, Blocks, workers ?? SerialWorkers.Instance);
    }

    public ParameterSet Parameters { get; }

    public GradientBlock[] Blocks { get; }

    /// <summary>The indices of all blocks.</summary>
    public int[] All { get; }

    /// <summary>The current sum of squares of each block, <see cref="Pending"/> included; call <see cref="Refresh"/> first.</summary>
    public double[] Squares { get; }

    /// <summary>Sum of squares of each block after the backward pass.</summary>
    public double[] SquaresAtStart { get; }

    /// <summary>Sum of squares of each block before the current rule.</summary>
    public double[] SquaresBeforeRule { get; }

    /// <summary>The scale that is still to be applied to the buffer.</summary>
    public double Pending { get; private set; } = 1;

    /// <summary>The smallest scale of the current rule; above 1 only when every scale is.</summary>
    public double RuleScale { get; private set; } = 1;

    /// <summary>The number of elements that the current rule clamped.</summary>
    public long RuleClamped { get; private set; }

    /// <summary>The number of elements that the rules of this step clamped. An element counts once: where several rules clamp in a block, those of
    /// the rule that clamped most of it count, so the number is then the least that it can be.</summary>
    public long Clamped
    {
        get
        {
            long clamped = 0;
            for (int i = 0; i < _clamped.Length; i++) clamped += Math.Max(_clamped[i], _ruleClamped[i]);
            return clamped;
        }
    }

    /// <summary>True when the current rule skipped the step.</summary>
    public bool RuleSkips { get; set; }

    /// <summary>The number of gradients measured so far. The norms here no longer belong to a report that was made at another number.</summary>
    public long Measurements { get; private set; }

    /// <summary><see cref="Pending"/> as a float for the optimizer, rounded so that a limited norm does not exceed its limit.</summary>
    public float PendingSingle => (float)RoundDown(Pending);

    /// <summary>Measures every block of a new gradient in one pass.</summary>
    /// <param name="scale">A factor on the buffer, above 0: 1 / weight turns the gradient of the sum into that of the mean. It becomes the
    /// first <see cref="Pending"/> scale, so it takes no pass.</param>
    public void Measure(double scale = 1)
    {
        Measurements++;
        Pending = ScaleInPlace.FitsFloat(scale) ? (float)scale : scale;
        _anyStale = false;
        Array.Clear(_stale);
        Array.Clear(_ruleClamped);
        Array.Clear(_clamped);
        _passes.Squares(All, Squares);
        if (Pending != 1)
        {
            for (int i = 0; i < Squares.Length; i++) Squares[i] *= Pending * Pending;
        }

        Squares.CopyTo(SquaresAtStart, 0);
    }

    /// <summary>Sets the gradient of every tensor that holds a NaN or an infinity to zero.</summary>
    public void ZeroBadTensors()
    {
        for (int bad = 0; bad < Blocks.Length; bad++)
        {
            if (double.IsFinite(SquaresAtStart[bad])) continue;
            for (int i = 0; i < Blocks.Length; i++)
                if (Blocks[i].Parameter == Blocks[bad].Parameter) Squares[i] = 0;
            Parameters.GradientsOf(Parameters.Items[Blocks[bad].Parameter]).Clear();
        }
    }

    /// <summary>Starts the figures of the next rule.</summary>
    public void BeginRule()
    {
        Refresh();
        Squares.CopyTo(SquaresBeforeRule, 0);
        RuleScale = 1;
        if (RuleClamped > 0)
        {
            for (int i = 0; i < _clamped.Length; i++) _clamped[i] = Math.Max(_clamped[i], _ruleClamped[i]);
            Array.Clear(_ruleClamped);
        }

        RuleClamped = 0;
        RuleSkips = false;
    }

    /// <summary>The 2-norm over the given blocks, in their order.</summary>
    public static double Norm(double[] squares, int[] blocks)
    {
        double sum = 0;
        foreach (int block in blocks) sum += squares[block];
        return Math.Sqrt(sum);
    }

    /// <summary>The current norm of an order other than 2 over the given blocks.</summary>
    public double NormOfOrder(int[] blocks, double order)
    {
        float largest = _passes.Largest(blocks);
        if (largest == 0 || double.IsPositiveInfinity(order)) return largest * Pending;
        return largest * Math.Pow(_passes.Powers(blocks, largest, order), 1 / order) * Pending;
    }

    /// <summary>Multiplies the given blocks by <paramref name="factor"/>; for all blocks, only <see cref="Pending"/> changes.</summary>
    public void Scale(int[] blocks, double factor)
    {
        factor = RoundDown(factor);
        if (blocks.Length == 0 || factor == 1) return;
        Refresh();
        RuleScale = RuleScale == 1 ? factor : Math.Min(RuleScale, factor);
        if (blocks.Length == Blocks.Length) Pending *= factor;
        else _passes.Scale(blocks, factor);
        foreach (int block in blocks) Squares[block] *= factor * factor;
    }

    /// <summary>Clamps every element of the given blocks.</summary>
    public void Clamp(int[] blocks, float lower, float upper)
    {
        bool together = blocks.Length == Blocks.Length && ScaleInPlace.FitsFloat(Pending); // then one pass multiplies and clamps
        if (!together) Settle();
        Refresh();
        _passes.Clamp(blocks, (float)Pending, lower, upper, Squares, _ruleClamped);
        RuleClamped = 0;
        for (int i = 0; i < _ruleClamped.Length; i++) RuleClamped += _ruleClamped[i] = Math.Min(_ruleClamped[i], Blocks[i].Length);
        Pending = 1;
    }

    /// <summary>The elements of one parameter for a rule to change; their norms are computed again when they are next read.</summary>
    public Span<float> Open(Parameter parameter)
    {
        Settle();
        for (int i = 0; i < Blocks.Length; i++) _stale[i] |= Blocks[i].Parameter == parameter.Index;
        _anyStale = true;
        return Parameters.GradientsOf(parameter);
    }

    /// <summary>Measures the blocks whose elements a rule changed directly.</summary>
    public void Refresh()
    {
        if (!_anyStale) return;
        _anyStale = false;
        for (int i = 0; i < Blocks.Length; i++)
        {
            if (!_stale[i]) continue;
            _stale[i] = false;
            Squares[i] = _passes.Square(i) * Pending * Pending;
        }
    }

    /// <summary>Multiplies the buffer by <see cref="Pending"/>.</summary>
    public void Settle()
    {
        if (Pending == 1) return;
        _passes.Scale(All, Pending);
        Pending = 1;
    }

    /// <summary>The largest float not above <paramref name="factor"/>, so that a scaled norm does not exceed its bound by rounding.</summary>
    private static double RoundDown(double factor)
    {
        if (!ScaleInPlace.FitsFloat(factor)) return factor;
        float single = (float)factor;
        return single > factor ? MathF.BitDecrement(single) : single;
    }
}
