namespace MlnetClip.Parameters;

/// <summary>One named tensor of a model: its position in the flat buffers of its <see cref="ParameterSet"/>, and its meaning.</summary>
public sealed class Parameter
{
    internal Parameter(ParameterSpec spec, int index, int offset)
    {
        Name = spec.Name;
        Layer = spec.Layer;
        Role = spec.Role;
        Rows = spec.Rows;
        Columns = spec.Columns;
        IsBias = spec.IsBias;
        Gates = spec.Gates;
        Index = index;
        Offset = offset;
    }

    /// <summary>PyTorch's name, for example <c>lstm.weight_ih_l0</c> or <c>head.bias</c>.</summary>
    public string Name { get; }

    /// <summary>The layer's index from the input, counting the head last.</summary>
    public int Layer { get; }

    /// <summary>The role of the parameter in its layer.</summary>
    public ParameterRole Role { get; }

    /// <summary>Rows of the matrix: one per unit (and gate). A bias has as many rows as units.</summary>
    public int Rows { get; }

    /// <summary>Columns of the matrix; 1 for a bias.</summary>
    public int Columns { get; }

    /// <summary>True for a bias vector.</summary>
    public bool IsBias { get; }

    /// <summary>Names of the equal blocks of rows from the top: <c>i, f, g, o</c> for an LSTM, empty where there are none.</summary>
    public IReadOnlyList<string> Gates { get; }

    /// <summary>Position in <see cref="ParameterSet.Items"/>.</summary>
    public int Index { get; }

    /// <summary>First element in the flat buffers.</summary>
    public int Offset { get; }

    /// <summary>Number of elements, <c>Rows * Columns</c>.</summary>
    public int Length => Rows * Columns;

    /// <inheritdoc/>
    public override string ToString() => $"{Name} [{Rows}, {Columns}]";
}
