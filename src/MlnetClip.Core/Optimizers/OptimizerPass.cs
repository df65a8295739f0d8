using MlnetClip.Kernels;
using MlnetClip.Parameters;

namespace MlnetClip.Optimizers;

/// <summary>One fit's updates: an optimizer over its parameters and memory, shared out to a team of threads where there are many elements.</summary>
/// <remarks>Elements do not depend on each other, so any split gives the same bits. A step allocates nothing.</remarks>
internal sealed class OptimizerPass
{
    /// <summary>Elements of a piece: few enough to share out evenly, enough to be worth a thread's while.</summary>
    private const int PieceLength = 1 << 13;

    private readonly Optimizer _optimizer;
    private readonly ParameterSet _parameters;
    private readonly OptimizerState _state;
    private readonly ThreadTeam? _team;
    private readonly Action<int, int> _piece;
    private float _learningRate, _gradientScale;

    public OptimizerPass(Optimizer optimizer, ParameterSet parameters, OptimizerState state, ThreadTeam? team)
    {
        (_optimizer, _parameters, _state) = (optimizer, parameters, state);
        _team = parameters.Length >= 2 * PieceLength ? team : null;
        _piece = (piece, _) =>
        {
            int start = piece * PieceLength;
            _optimizer.Update(_parameters, _state, _learningRate, _gradientScale, start, Math.Min(PieceLength, _parameters.Length - start));
        };
    }

    /// <inheritdoc cref="Optimizer.Step"/>
    public void Step(float learningRate, float gradientScale)
    {
        if (_team is null)
        {
            _optimizer.Step(_parameters, _state, learningRate, gradientScale);
            return;
        }

        (_learningRate, _gradientScale) = (learningRate, gradientScale);
        _state.Updates++;
        _team.Run((_parameters.Length + PieceLength - 1) / PieceLength, _piece);
    }
}
