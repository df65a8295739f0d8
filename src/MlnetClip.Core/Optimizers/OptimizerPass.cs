using MlnetClip.Parameters;
using MlnetClip.Training;

namespace MlnetClip.Optimizers;

/// <summary>The updates of one fit: an optimizer with its parameters and state, divided among the workers when there are many elements.</summary>
/// <remarks>Elements are independent, so any division gives the same bits. A step allocates nothing.</remarks>
internal sealed class OptimizerPass
{
    /// <summary>The smallest number of elements of a piece; fewer are not worth a thread.</summary>
    private const int LeastPiece = 1 << 13;

    private readonly Optimizer _optimizer;
    private readonly ParameterSet _parameters;
    private readonly OptimizerState _state;
    private readonly IWorkers _workers;
    private readonly int _pieces;
    private readonly Action<int, int> _piece;
    private float _learningRate, _gradientScale;

    public OptimizerPass(Optimizer optimizer, ParameterSet parameters, OptimizerState state, IWorkers workers)
    {
        (_optimizer, _parameters, _state) = (optimizer, parameters, state);
        _workers = workers;
        _pieces = workers.Count == 1 ? 1 : Math.Max(1, parameters.Length / LeastPiece);
        _piece = (piece, _) =>
        {
            int start = FirstOf(piece);
            _optimizer.Run(_parameters, _state, _learningRate, _gradientScale, start, FirstOf(piece + 1) - start);
        };
    }

    /// <inheritdoc cref="Optimizer.Step"/>
    public void Step(float learningRate, float gradientScale)
    {
        if (_pieces == 1)
        {
            _optimizer.Step(_parameters, _state, learningRate, gradientScale);
            return;
        }

        (_learningRate, _gradientScale) = (learningRate, gradientScale);
        _state.Updates++;
        _workers.Run(_pieces, _piece);
    }

    /// <summary>The first element of a piece: equal parts.</summary>
    private int FirstOf(int piece) => (int)((long)_parameters.Length * piece / _pieces);
}
