namespace MlnetClip.Forecasting;

/// <summary>Rows of inputs and targets for a <see cref="LinearPart"/>, in time order, read by number and any number of times. Safe for one reader at a time.</summary>
internal interface ILinearRows
{
    /// <summary>The number of rows.</summary>
    int Count { get; }

    /// <summary>Reads a row.</summary>
    /// <param name="row">The row, from 0.</param>
    /// <param name="x">Receives the inputs, [features]; finite.</param>
    /// <param name="y">Receives the targets, [outputs]; finite where the weight is above 0.</param>
    /// <param name="weights">Receives the weights of the targets, [outputs], 0 or more and finite: 0 for a missing target.</param>
    void Read(int row, Span<double> x, Span<double> y, Span<double> weights);
}
