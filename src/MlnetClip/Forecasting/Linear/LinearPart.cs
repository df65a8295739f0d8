using MlnetClip.Persistence;

namespace MlnetClip.Forecasting;

/// <summary>A linear forecast, <c>y[k] = intercept[k] + sum(weight[k, i] * x[i])</c>, fitted in closed form and in double precision. Immutable and safe for concurrent use.</summary>
internal sealed class LinearPart
{
    private readonly double[] _coefficients; // [outputs, features + 1], the intercept last

    private LinearPart(int features, int outputs, double[] coefficients, IReadOnlyList<LinearShare> shares)
    {
        (Features, Outputs, Shares) = (features, outputs, shares);
        _coefficients = coefficients;
    }

    /// <summary>Inputs, 1 or more.</summary>
    public int Features { get; }

    /// <summary>Outputs, 1 or more.</summary>
    public int Outputs { get; }

    /// <summary>What the candidates of the fit contributed; empty in a part that was read.</summary>
    public IReadOnlyList<LinearShare> Shares { get; }

    /// <summary>The weights of an output, [features], without the intercept.</summary>
    public ReadOnlySpan<double> Weights(int output) => _coefficients.AsSpan(output * (Features + 1), Features);

    /// <summary>The intercept of an output.</summary>
    public double Intercept(int output) => _coefficients[((output + 1) * (Features + 1)) - 1];

    /// <summary>Fits; the arguments are those of <see cref="LinearFit.Run"/>.</summary>
    public static LinearPart Fit(
        ILinearRows rows, int features, int outputs, IReadOnlyList<LinearCandidate> candidates, int gap, int threads = 1, CancellationToken cancellation = default)
    {
        LinearFit.Solution solution = LinearFit.Run(rows, features, outputs, candidates, gap, threads, cancellation);
        return new(features, outputs, solution.Coefficients, solution.Shares);
    }

    /// <summary>The same mean of the same candidates, fitted to other rows.</summary>
    public LinearPart FitAgain(ILinearRows rows, IReadOnlyList<LinearCandidate> candidates, int threads = 1, CancellationToken cancellation = default)
    {
        LinearFit.Solution solution = LinearFit.Again(rows, Features, Outputs, candidates, Shares, threads, cancellation);
        return new(Features, Outputs, solution.Coefficients, solution.Shares);
    }

    /// <summary>Predicts all outputs.</summary>
    /// <param name="x">The inputs, [features].</param>
    /// <param name="y">Receives the outputs, [outputs].</param>
    public void Predict(ReadOnlySpan<double> x, Span<double> y)
    {
        int n = Features + 1;
        for (int k = 0; k < Outputs; k++)
        {
            ReadOnlySpan<double> row = _coefficients.AsSpan(k * n, n);
            y[k] = row[^1] + VectorMath.Dot(row[..^1], x[..Features]);
        }
    }

    /// <summary>Writes the part into an entry: features, outputs (int32), coefficients (float64).</summary>
    public void Write(BinaryWriter writer)
    {
        writer.Write(Features);
        writer.Write(Outputs);
        foreach (double coefficient in _coefficients) writer.Write(coefficient);
    }

    /// <summary>Reads what <see cref="Write"/> wrote; nothing is allocated before the sizes are known to be right and to fit the entry.</summary>
    /// <param name="reader">The entry; its stream has a length.</param>
    /// <param name="features">The inputs that the model has.</param>
    /// <param name="outputs">The outputs that the model has.</param>
    /// <exception cref="InvalidDataException">A field cannot be right; the message begins with it.</exception>
    public static LinearPart Read(BinaryReader reader, int features, int outputs)
    {
        SavedField.InRange("the inputs of the linear part", reader.ReadInt32(), features, features);
        SavedField.InRange("the outputs of the linear part", reader.ReadInt32(), outputs, outputs);
        long count = outputs * (features + 1L), left = (reader.BaseStream.Length - reader.BaseStream.Position) / sizeof(double);
        SavedField.InRange("the number of coefficients of the linear part", count, 1, Math.Min(left, Array.MaxLength));
        var coefficients = new double[count];
        for (int i = 0; i < coefficients.Length; i++)
        {
            coefficients[i] = reader.ReadDouble();
            if (!double.IsFinite(coefficients[i]))
                throw SavedField.Wrong($"coefficient {i % (features + 1)} of output {i / (features + 1)} of the linear part", "must be finite", $"{coefficients[i]}");
        }

        return new LinearPart(features, outputs, coefficients, []);
    }
}
