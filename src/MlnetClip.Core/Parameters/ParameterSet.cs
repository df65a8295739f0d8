namespace MlnetClip.Parameters;

/// <summary>
/// All parameters of a model in one flat buffer of values and one of gradients, in the order of <see cref="Items"/>
/// and without gaps, so that norms, clipping and optimizers are passes over contiguous memory.
/// </summary>
public sealed class ParameterSet
{
    private readonly Parameter[] _items;
    private readonly float[] _values;
    private readonly float[] _gradients;

    /// <summary>Lays the parameters out in the order given.</summary>
    /// <param name="specs">At least one description; names are unique.</param>
    /// <exception cref="ArgumentException">There is no description, or a name occurs twice.</exception>
    public ParameterSet(IReadOnlyList<ParameterSpec> specs)
    {
        _items = LayOut(specs);
        int length = checked(_items[^1].Offset + _items[^1].Length);

        // Pinned and aligned by the runtime's pinned heap: kernels may take pointers without fixing them.
        _values = GC.AllocateArray<float>(length, pinned: true);
        _gradients = GC.AllocateArray<float>(length, pinned: true);
    }

    /// <summary>The parameters in the order of the flat buffers.</summary>
    public IReadOnlyList<Parameter> Items => _items;

    /// <summary>Number of elements of all parameters together.</summary>
    public int Length => _values.Length;

    /// <summary>All values.</summary>
    public Span<float> Values => _values;

    /// <summary>All gradients. After the backward pass, they are those of the summed loss; clipping changes them in place.</summary>
    public Span<float> Gradients => _gradients;

    /// <summary>The values of one parameter, row-major [Rows, Columns].</summary>
    public Span<float> ValuesOf(Parameter parameter) => _values.AsSpan(parameter.Offset, parameter.Length);

    /// <summary>The gradient of one parameter, row-major [Rows, Columns].</summary>
    public Span<float> GradientsOf(Parameter parameter) => _gradients.AsSpan(parameter.Offset, parameter.Length);

    /// <summary>Finds a parameter by name.</summary>
    /// <exception cref="KeyNotFoundException">There is no parameter of that name; the message lists the names.</exception>
    public Parameter this[string name] =>
        Array.Find(_items, p => p.Name == name)
        ?? throw new KeyNotFoundException($"There is no parameter '{name}'. The parameters are: {string.Join(", ", _items.Select(p => p.Name))}.");

    /// <summary>The parameter that contains the flat element <paramref name="element"/>.</summary>
    public Parameter Find(int element)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(element);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(element, Length);
        int low = 0, high = _items.Length - 1;
        while (low < high)
        {
            int middle = (low + high + 1) / 2;
            if (_items[middle].Offset <= element) low = middle;
            else high = middle - 1;
        }

        return _items[low];
    }

    /// <summary>Lays out the parameters of a set without allocating its buffers.</summary>
    /// <param name="specs">At least one description; names are unique.</param>
    /// <exception cref="ArgumentException">There is no description, or a name occurs twice.</exception>
    public static Parameter[] LayOut(IReadOnlyList<ParameterSpec> specs)
    {
        ArgumentNullException.ThrowIfNull(specs);
        if (specs.Count == 0) throw new ArgumentException("A parameter set must have at least one parameter.", nameof(specs));
        var names = new HashSet<string>(StringComparer.Ordinal);
        var items = new Parameter[specs.Count];
        int offset = 0;
        for (int i = 0; i < specs.Count; i++)
        {
            if (!names.Add(specs[i].Name)) throw new ArgumentException($"The parameter name '{specs[i].Name}' occurs twice.", nameof(specs));
            items[i] = new Parameter(specs[i], i, offset);
            offset = checked(offset + items[i].Length);
        }

        return items;
    }
}
