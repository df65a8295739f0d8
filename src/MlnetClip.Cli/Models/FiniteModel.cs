namespace MlnetClip.Cli.Models;

/// <summary>Finds models that can forecast nothing, since training left them with weights that are not finite.</summary>
internal static class FiniteModel
{
    /// <summary>The problem in a sentence, or null for a model whose weights are all finite.</summary>
    public static string? ProblemWith(LstmForecastingModelParameters model)
    {
        foreach (string name in model.ParameterNames)
        {
            foreach (float weight in model.GetWeights(name))
                if (!float.IsFinite(weight)) return $"its parameter {name} has weights that are not finite";
        }

        return null;
    }
}
