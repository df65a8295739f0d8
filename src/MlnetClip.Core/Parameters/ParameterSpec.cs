namespace MlnetClip.Parameters;

/// <summary>The description from which a <see cref="ParameterSet"/> lays out one <see cref="Parameter"/>.</summary>
/// <param name="Name">PyTorch's name, unique in the set.</param>
/// <param name="Layer">The layer's index from the input, 0 or more.</param>
/// <param name="Role">The role of the parameter in its layer.</param>
/// <param name="Rows">Rows, at least 1.</param>
/// <param name="Columns">Columns, at least 1.</param>
/// <param name="IsBias">True for a bias vector.</param>
public sealed record ParameterSpec(string Name, int Layer, ParameterRole Role, int Rows, int Columns, bool IsBias = false)
{
    /// <summary>Names of the equal blocks of rows from the top; empty by default.</summary>
    public IReadOnlyList<string> Gates { get; init; } = [];
}
