using System.Runtime.InteropServices;
using MlnetClip.Clipping;
using MlnetClip.Gradients;
using MlnetClip.Parameters;

namespace MlnetClip;

/// <summary>
/// The gradient, or a part of it, as a rule reads and changes it. Norms are kept up to date while it is scaled and
/// clamped: in double, overflow-safe, in a fixed order. Reading <see cref="Norm"/> takes no pass over the elements.
/// </summary>
public sealed class GradientGroup
{
    private readonly GradientStore _store;
    private readonly int[] _blocks;
    private readonly Parameter[] _items;
    private readonly Dictionary<ClippingScope, GradientGroup[]> _parts = [];
    private readonly Dictionary<ParameterSelector, GradientGroup> _selected = [];
    private string? _name;

    /// <summary>The gradient that this group is a part of.</summary>
    internal GradientStore Store => _store;

    internal GradientGroup(GradientStore store, int[] blocks)
    {
        _store = store;
        _blocks = blocks;
        _items = [.. blocks.Select(b => store.Parameters.Items[store.Blocks[b].Parameter]).Distinct()];
        foreach (int block in blocks) Elements += store.Blocks[block].Length;
    }

    /// <summary>All parameters of the model, with their values.</summary>
    public ParameterSet Parameters => _store.Parameters;

    /// <summary>The parameters of this group, in the order of the model.</summary>
    public IReadOnlyList<Parameter> Items => _items;

    /// <summary>Number of elements of the group; 0 for an empty one.</summary>
    public long Elements { get; }

    /// <summary>The current 2-norm of the group; 0 when it is empty.</summary>
    public double Norm
    {
        get
        {
            _store.Refresh();
            return GradientStore.Norm(_store.Squares, _blocks);
        }
    }

    /// <summary>The current norm of any order. Takes one or two passes over the elements, none for order 2.</summary>
    /// <param name="order">Above 0; <see cref="double.PositiveInfinity"/> gives the largest magnitude.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="order"/> is outside its range.</exception>
    public double NormOfOrder(double order)
    {
        if (order == 2) return Norm;
        if (!(order > 0)) throw new ArgumentOutOfRangeException(nameof(order), order, "The order of a norm must be above 0.");
        return _store.NormOfOrder(_blocks, order);
    }

    /// <summary>The parts of the group by scope: itself, or one group per layer, tensor or gate. Returns the same objects at every call.</summary>
    public IReadOnlyList<GradientGroup> Parts(ClippingScope scope) => PartArray(scope);

    /// <summary>Multiplies every element of the group by <paramref name="factor"/>. For the whole model this takes no pass: the optimizer multiplies.</summary>
    /// <param name="factor">Finite, 0 or more. Rounded down to float where it fits a normal float.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="factor"/> is outside its range.</exception>
    public void Scale(double factor)
    {
        if (!(factor >= 0 && double.IsFinite(factor)))
            throw new ArgumentOutOfRangeException(nameof(factor), factor, "The factor must be finite and 0 or more.");
        _store.Scale(_blocks, factor);
    }

    /// <summary>Scales the group down so that its norm is at most <paramref name="largest"/>; does nothing where it already is.</summary>
    /// <param name="largest">The limit, 0 or more; infinity for none.</param>
    /// <param name="order">Order of the norm, above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    public void ScaleDownTo(double largest, double order = 2)
    {
        if (!(largest >= 0)) throw new ArgumentOutOfRangeException(nameof(largest), largest, "The limit of a norm must be 0 or more.");
        if (double.IsPositiveInfinity(largest)) return;
        double norm = NormOfOrder(order);
        if (norm > largest) Scale(largest / norm);
    }

    /// <summary>Limits every element of the group to the range from <paramref name="lower"/> to <paramref name="upper"/>.</summary>
    /// <exception cref="ArgumentException"><paramref name="lower"/> is above <paramref name="upper"/>, or either is NaN.</exception>
    public void Clamp(float lower, float upper)
    {
        if (!(lower <= upper)) throw new ArgumentException($"The lower limit must not be above the upper limit, but they are {lower} and {upper}.");
        _store.Clamp(_blocks, lower, upper);
    }

    /// <summary>The gradient of one parameter for reading, row-major [Rows, Columns].</summary>
    /// <param name="parameter">One of <see cref="Items"/>.</param>
    /// <exception cref="ArgumentException">The group does not hold the parameter.</exception>
    public ReadOnlySpan<float> Read(Parameter parameter)
    {
        Hold(parameter);
        _store.Settle();
        return Parameters.GradientsOf(parameter);
    }

    /// <summary>The gradient of one parameter for reading and changing, row-major [Rows, Columns]. Its norm is computed again when it is next read.</summary>
    /// <param name="parameter">One of <see cref="Items"/>.</param>
    /// <exception cref="ArgumentException">The group does not hold the parameter.</exception>
    public Span<float> Open(Parameter parameter)
    {
        Hold(parameter);
        return _store.Open(parameter);
    }

    /// <summary>Skips the step: there is no update, and later rules are not applied.</summary>
    public void SkipStep() => _store.RuleSkips = true;

    /// <summary>Reports what the current rule did to this group.</summary>
    /// <param name="threshold">The threshold in force; NaN where there is none.</param>
    public ClipReport Report(double threshold = double.NaN)
    {
        double after = Norm, before = GradientStore.Norm(_store.SquaresBeforeRule, _blocks);
        return new ClipReport
        {
            NormBefore = before,
            NormAfter = after,
            Scale = _store.RuleScale,
            ElementsClamped = _store.RuleClamped,
            Elements = Elements,
            Changed = _store.RuleScale != 1 || _store.RuleClamped > 0 || after != before,
            Threshold = threshold,
            Outcome = _store.RuleSkips ? StepOutcome.Skipped : StepOutcome.Applied,
        };
    }

    /// <summary>The part of the group that a selector names. Returns the same object at every call.</summary>
    /// <exception cref="ArgumentException">It names no parameter of the group.</exception>
    internal GradientGroup Select(ParameterSelector selector)
    {
        ref GradientGroup? group = ref CollectionsMarshal.GetValueRefOrAddDefault(_selected, selector, out _);
        return group ??= Pick(selector);
    }

    /// <summary>The name of the group within its scope. Except for the whole gradient, a group belongs to one scope.</summary>
    internal string NameAs(ClippingScope scope) => scope == ClippingScope.Global ? "all" : _name ??= FindName(scope);

    /// <summary>Norms of the last gradient by part, before and after clipping. They are already known, so this takes no pass over the elements.</summary>
    internal IReadOnlyList<GradientNorm> Norms(ClippingScope scope) => [.. PartArray(scope).Select(part => part.BeforeAndAfter(scope))];

    private GradientNorm BeforeAndAfter(ClippingScope scope) =>
        new GradientNorm(NameAs(scope), GradientStore.Norm(_store.SquaresAtStart, _blocks), GradientStore.Norm(_store.Squares, _blocks));

    internal GradientGroup[] PartArray(ClippingScope scope)
    {
        ref GradientGroup[]? parts = ref CollectionsMarshal.GetValueRefOrAddDefault(_parts, scope, out _);
        return parts ??= Split(scope);
    }

    private string FindName(ClippingScope scope)
    {
        GradientBlock first = _store.Blocks[_blocks[0]];
        Parameter parameter = _items[0];
        return scope switch
        {
            ClippingScope.Layer => parameter.Role == ParameterRole.Head ? "head" : $"layer {parameter.Layer}",
            ClippingScope.Gate when first.Gate >= 0 => $"{parameter.Name}, gate {parameter.Gates[first.Gate]}",
            _ => parameter.Name,
        };
    }

    private GradientGroup Pick(ParameterSelector selector)
    {
        var group = new GradientGroup(_store, [.. _blocks.Where(b => selector.Selects(_store.Parameters.Items[_store.Blocks[b].Parameter]))]);
        if (group.Items.Count > 0) return group;
        throw new ArgumentException($"GradientClipping.ForParameters: {selector.Misses(_items)}");
    }

    private GradientGroup[] Split(ClippingScope scope) => scope switch
    {
        ClippingScope.Global => [this],
        ClippingScope.Layer => By(b => _store.Parameters.Items[b.Parameter].Layer),
        ClippingScope.Tensor => By(b => b.Parameter),
        ClippingScope.Gate => [.. _blocks.Select(b => new GradientGroup(_store, [b]))],
        _ => throw new ArgumentOutOfRangeException(nameof(scope), scope, "Not a scope."),
    };

    private void Hold(Parameter parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        if (Array.IndexOf(_items, parameter) < 0) throw new ArgumentException($"The group does not hold '{parameter.Name}'.", nameof(parameter));
    }

    private GradientGroup[] By(Func<GradientBlock, int> key) =>
        [.. _blocks.GroupBy(b => key(_store.Blocks[b])).Select(part => new GradientGroup(_store, [.. part]))];
}
