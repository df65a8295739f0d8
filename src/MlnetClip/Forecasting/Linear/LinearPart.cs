using MlnetClip.Persistence;

namespace MlnetClip.Forecasting;

/// <summary>
/// A linear forecast, <c>y[k] = intercept[k] + sum(weight[k, i] * x[i])</c>, fitted in closed form: ridge regression (Hoerl and Kennard 1970) in double
/// precision, whose penalty is chosen on rows that were not fitted. Immutable and safe for concurrent use.
/// </summary>
internal sealed class LinearPart
{
    private readonly double[] _coefficients; // [outputs, features + 1], the intercept last

    private LinearPart(int features, int outputs, double[] coefficients, double penalty, double error)
    {
        (Features, Outputs, Penalty, ValidationError) = (features, outputs, penalty, error);
        _coefficients = coefficients;
    }

    /// <summary>Inputs, 1 or more.</summary>
    public int Features { get; }

    /// <summary>Outputs, 1 or more.</summary>
    public int Outputs { get; }

    /// <summary>The penalty on squared weights relative to the mean diagonal element of <c>sum(w x xᵀ)</c>; the intercept has none.</summary>
    public double Penalty { get; }

    /// <summary>The weighted mean of the squared errors on the rows that the penalty was chosen on; NaN where there were too few rows to choose.</summary>
    public double ValidationError { get; }

    /// <summary>The weights of an output, [features], without the intercept.</summary>
    public ReadOnlySpan<double> Weights(int output) => _coefficients.AsSpan(output * (Features + 1), Features);

    /// <summary>The intercept of an output.</summary>
    public double Intercept(int output) => _coefficients[((output + 1) * (Features + 1)) - 1];

    /// <inheritdoc cref="LinearFit.Run"/>
    public static LinearPart Fit(
        int features, int outputs, ILinearRows training, ILinearRows? validation, int threads = 1, CancellationToken cancellation = default)
    {
        LinearFit.Solution solution = LinearFit.Run(features, outputs, training, validation, threads, cancellation);
        return new LinearPart(features, outputs, solution.Coefficients, solution.Penalty, solution.Error);
    }

    /// <summary>Predicts all outputs.</summary>
    /// <param name="x">The inputs, [features].</param>
    /// <param name="y">Receives the outputs, [outputs].</param>
    public void Predict(ReadOnlySpan<double> x, Span<double> y) => Predict(_coefficients, x, y[..Outputs]);

    /// <summary>Predicts with coefficients as <see cref="PenaltySearch.Solve"/> returns them.</summary>
    public static void Predict(ReadOnlySpan<double> coefficients, ReadOnlySpan<double> x, Span<double> y)
    {
        int n = x.Length + 1;
        for (int k = 0; k < y.Length; k++)
        {
            ReadOnlySpan<double> row = coefficients.Slice(k * n, n);
            y[k] = row[^1] + VectorMath.Dot(row[..^1], x);
        }
    }

    /// <summary>Writes the part into an entry: features, outputs (int32), penalty, validation error, coefficients (float64).</summary>
    public void Write(BinaryWriter writer)
    {
        writer.Write(Features);
        writer.Write(Outputs);
        writer.Write(Penalty);
        writer.Write(ValidationError);
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
        double penalty = reader.ReadDouble(), error = reader.ReadDouble();
        SavedField.InRange("the penalty of the linear part", penalty, double.Epsilon);
        SavedField.InRangeOrNaN("the validation error of the linear part", error, 0);
        long count = outputs * (features + 1L), left = (reader.BaseStream.Length - reader.BaseStream.Position) / sizeof(double);
        SavedField.InRange("the number of coefficients of the linear part", count, 1, Math.Min(left, Array.MaxLength));
        var coefficients = new double[count];
        for (int i = 0; i < coefficients.Length; i++)
        {
            coefficients[i] = reader.ReadDouble();
            if (!double.IsFinite(coefficients[i]))
                throw SavedField.Wrong($"coefficient {i % (features + 1)} of output {i / (features + 1)} of the linear part", "must be finite", $"{coefficients[i]}");
        }

        return new LinearPart(features, outputs, coefficients, penalty, error);
    }
}
