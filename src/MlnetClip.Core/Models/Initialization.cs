using MlnetClip.Data;
using MlnetClip.Parameters;

namespace MlnetClip.Models;

/// <summary>
/// PyTorch's initialization: weights and biases of recurrent layers uniform in ±1/sqrt(H), the head's in ±1/sqrt(I) with I its inputs,
/// embeddings normal with deviation 1, layer normalization weights 1 and biases 0.
/// </summary>
public static class Initialization
{
    /// <summary>Initializes the values in the order of the flat buffer; the result depends only on the seed.</summary>
    /// <param name="model">The model.</param>
    /// <param name="parameters">The parameters of <see cref="ModelLayout.Create"/> for it.</param>
    /// <param name="seed">The seed of all values.</param>
    public static void Apply(ModelSpec model, ParameterSet parameters, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(parameters);
        var random = new SeededRandom(seed);
        int inputs = parameters["head.weight"].Columns;
        foreach (Parameter parameter in parameters.Items)
        {
            Span<float> values = parameters.ValuesOf(parameter);
            switch (parameter.Role)
            {
                case ParameterRole.Embedding:
                    foreach (ref float value in values) value = Normal(random);
                    break;
                case ParameterRole.Normalization:
                    values.Fill(parameter.IsBias ? 0f : 1f);
                    break;
                case ParameterRole.Head:
                    Uniform(random, values, inputs);
                    break;
                default:
                    Uniform(random, values, parameter.Rows / Math.Max(1, parameter.Gates.Count));
                    break;
            }
        }

        ApplyForgetGateBias(model, parameters);
    }

    /// <summary>Sets the biases of the forget gates so that their sum is the option's value: b_ih gets the value, b_hh gets 0.</summary>
    private static void ApplyForgetGateBias(ModelSpec model, ParameterSet parameters)
    {
        int index = -1;
        foreach (RecurrentSpec layer in model.Layers.OfType<RecurrentSpec>())
        {
            index++;
            if (layer.ForgetGateBias is not { } bias) continue;
            foreach (string suffix in layer.Bidirectional ? new[] { "", "_reverse" } : [""])
            {
                parameters.ValuesOf(parameters[$"lstm.bias_ih_l{index}{suffix}"]).Slice(layer.HiddenSize, layer.HiddenSize).Fill(bias);
                parameters.ValuesOf(parameters[$"lstm.bias_hh_l{index}{suffix}"]).Slice(layer.HiddenSize, layer.HiddenSize).Clear();
            }
        }
    }

    private static void Uniform(SeededRandom random, Span<float> values, int size)
    {
        float bound = (float)(1 / Math.Sqrt(size));
        foreach (ref float value in values) value = (2f * random.NextSingle() - 1f) * bound;
    }

    /// <summary>A standard normal number (Box and Muller, 1958).</summary>
    private static float Normal(SeededRandom random)
    {
        double radius = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()));
        return (float)(radius * Math.Cos(2 * Math.PI * random.NextDouble()));
    }
}
