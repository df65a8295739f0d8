using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;

namespace MlnetClip.MLNetInternals;

/// <summary>Finds the transform that changed the order of a view's rows, as far as its chain of transforms shows; a cache hides the transforms before it.</summary>
internal static class RowOrder
{
    /// <summary>Part of the name that Microsoft.ML's random splits give to the column that they filter by.</summary>
    private const string SplitColumn = "SplitColumn";

    /// <summary>The method that shuffled, sampled or randomly split the rows; null where none is found.</summary>
    public static string? DisturbedBy(IDataView data)
    {
        for (IDataView? view = data; view is not null; view = (view as IDataTransform)?.Source)
        {
            switch (view)
            {
                case RowShufflingTransformer: return "ShuffleRows";
                case BootstrapSamplingTransformer: return "BootstrapSample";
                case RangeFilter filter when filter.Source.Schema.Any(column => column.Name.Contains(SplitColumn, StringComparison.Ordinal)):
                    return "a random split (TrainTestSplit or CrossValidationSplit)";
            }
        }

        return null;
    }
}
