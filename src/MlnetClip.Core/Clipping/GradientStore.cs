using MlnetClip.Kernels;
using MlnetClip.Parameters;

namespace MlnetClip.Clipping;

/// <summary>
/// The gradient of one step as clipping sees it: the flat buffer, the sum of squares of each block, and the scale that
/// is still to be multiplied in. All <see cref="GradientGroup"/>s of a chain share one.
/// </summary>
/// <remarks>
/// One pass measures every block; layer, tensor and gate norms, and which block holds a NaN, then follow without
/// another pass. A scale over everything only changes <see cref="Pending"/>, which the optimizer multiplies in.
/// </remarks>
internal sealed class GradientStore
{
    private readonly bool[] _stale;
    private bool _anyStale;

    public GradientStore(ParameterSet parameters)
    {
        Parameters = parameters;
        var blocks = new List<GradientBlock>();
        foreach (Parameter parameter in parameters.Items)
        {
            int gates = Math.Max(1, parameter.Gates.Count);
            int length = parameter.Length / gates;
            for (int gate = 0; gate < gates; gate++)
                blocks.Add(new GradientBlock(parameter.Index, gates == 1 ? -1 : gate, parameter.Offset + gate * length, length));
        }

        Blocks = [.. blocks];
        Squares = new double[Blocks.Length];
        SquaresAtStart = new double[Blocks.Length];
        SquaresBeforeRule = new double[Blocks.Length];
        _stale = new bool[Blocks.Length];
    }

    public ParameterSet Parameters { get; }

    public GradientBlock[] Blocks { get; }

    /// <summary>Sum of squares of each block as it stands, <see cref="Pending"/> included; call <see cref="Refresh"/> first.</summary>
    public double[] Squares { get; }

    /// <summary>Sum of squares of each block as the backward pass left it.</summary>
    public double[] SquaresAtStart { get; }

    /// <summary>Sum of squares of each block before the rule that is acting.</summary>
    public double[] SquaresBeforeRule { get; }

    /// <summary>The scale still to be multiplied into the buffer.</summary>
    public double Pending { get; private set; } = 1;

    /// <summary>The smallest scale of the rule that is acting; above 1 only where every scale was.</summary>
    public double RuleScale { get; private set; } = 1;

    /// <summary>Elements clamped by the rule that is acting.</summary>
    public long RuleClamped { get; private set; }

    /// <summary>True when the rule that is acting refused the step.</summary>
    public bool RuleSkips { get; set; }

    /// <summary>Measures every block of a fresh gradient.</summary>
    public void Measure()
    {
        Pending = 1;
        _anyStale = false;
        Array.Clear(_stale);
        ReadOnlySpan<float> gradients = Parameters.Gradients;
        for (int i = 0; i < Blocks.Length; i++) Squares[i] = SumOfSquares.Of(gradients.Slice(Blocks[i].Offset, Blocks[i].Length));
        Squares.CopyTo(SquaresAtStart, 0);
    }

    /// <summary>Sets every tensor to zero that holds a NaN or an infinity.</summary>
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

    /// <summary>Starts the account of the next rule.</summary>
    public void BeginRule()
    {
        Refresh();
        Squares.CopyTo(SquaresBeforeRule, 0);
        RuleScale = 1;
        RuleClamped = 0;
        RuleSkips = false;
    }

    /// <summary>The sum of squares over all blocks, in their order.</summary>
    public static double Total(ReadOnlySpan<double> squares)
    {
        double sum = 0;
        foreach (double square in squares) sum += square;
        return sum;
    }

    /// <summary>Multiplies the blocks given by <paramref name="factor"/>; everything at once only changes <see cref="Pending"/>.</summary>
    public void Scale(ReadOnlySpan<int> blocks, double factor)
    {
        factor = RoundDown(factor);
        if (blocks.IsEmpty || factor == 1) return;
        Refresh();
        RuleScale = RuleScale == 1 ? factor : Math.Min(RuleScale, factor);
        if (blocks.Length == Blocks.Length) Pending *= factor;
        foreach (int block in blocks)
        {
            if (blocks.Length < Blocks.Length) ScaleInPlace.By(Elements(block), factor);
            Squares[block] *= factor * factor;
        }
    }

    /// <summary>Clamps every element of the blocks given.</summary>
    public void Clamp(ReadOnlySpan<int> blocks, float lower, float upper)
    {
        Settle();
        foreach (int block in blocks)
        {
            Span<float> elements = Elements(block);
            long clamped = ClampInPlace.To(elements, lower, upper);
            if (clamped == 0) continue;
            RuleClamped += clamped;
            Squares[block] = SumOfSquares.Of(elements);
        }
    }

    /// <summary>The elements of one parameter for a rule to change; their norms are measured again when next asked for.</summary>
    public Span<float> Open(Parameter parameter)
    {
        Settle();
        for (int i = 0; i < Blocks.Length; i++) _stale[i] |= Blocks[i].Parameter == parameter.Index;
        _anyStale = true;
        return Parameters.GradientsOf(parameter);
    }

    /// <summary>Measures the blocks that a rule changed by hand.</summary>
    public void Refresh()
    {
        if (!_anyStale) return;
        _anyStale = false;
        for (int i = 0; i < Blocks.Length; i++)
        {
            if (!_stale[i]) continue;
            _stale[i] = false;
            Squares[i] = SumOfSquares.Of(Elements(i));
        }
    }

    /// <summary>Multiplies <see cref="Pending"/> into the buffer.</summary>
    public void Settle()
    {
        if (Pending == 1) return;
        ScaleInPlace.By(Parameters.Gradients, Pending);
        Pending = 1;
    }

    private Span<float> Elements(int block) => Parameters.Gradients.Slice(Blocks[block].Offset, Blocks[block].Length);

    /// <summary>The largest float not above <paramref name="factor"/>, so that a scaled norm does not exceed its bound by rounding.</summary>
    private static double RoundDown(double factor)
    {
        if (!ScaleInPlace.FitsFloat(factor)) return factor;
        float single = (float)factor;
        return single > factor ? MathF.BitDecrement(single) : single;
    }
}
