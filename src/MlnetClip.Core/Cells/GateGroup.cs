namespace MlnetClip.Cells;

/// <summary>Gates of a cell whose sums consist of the same products.</summary>
/// <param name="FirstGate">The first gate, counted in the rows of PyTorch's matrices.</param>
/// <param name="Gates">Number of gates, side by side in blocks of 16 units.</param>
/// <param name="Offset">Where the group begins in a row of sums, in multiples of P.</param>
/// <param name="HasInput">True when the input's product is part of the sums.</param>
/// <param name="HasHidden">True when the hidden state's product is part of the sums.</param>
internal readonly record struct GateGroup(int FirstGate, int Gates, int Offset, bool HasInput = true, bool HasHidden = true);
