using System.Runtime.CompilerServices;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;

namespace MlnetClip.MLNetInternals;

/// <summary>Finds the transform that changed the order of a view's rows, as far as its chain of views shows.</summary>
/// <remarks>Views that are not transforms keep their source in a private field, as in all supported versions of Microsoft.ML.</remarks>
internal static class RowOrder
{
    /// <summary>Part of the name that Microsoft.ML's random splits give to the column that they filter by.</summary>
    private const string SplitColumn = "SplitColumn";

    /// <summary>The method that shuffled, sampled or randomly split the rows; null where none is found.</summary>
    public static string? DisturbedBy(IDataView data)
    {
        for (IDataView? view = data; view is not null; view = SourceOf(view))
        {
            switch (view)
            {
                case RowShufflingTransformer: return "ShuffleRows";
                case BootstrapSamplingTransformer: return "BootstrapSample";
                case RangeFilter filter when filter.Source.Schema.Any(column => column.Name.Contains(SplitColumn, StringComparison.Ordinal)):
                    return "a random split (TrainTestSplit or CrossValidationSplit)";
                case AppendRowsDataView appended:
                    return SourcesOf(appended).Select(DisturbedBy).FirstOrDefault(method => method is not null);
            }
        }

        return null;
    }

    /// <summary>The view that a view reads; null where it is not known.</summary>
    private static IDataView? SourceOf(IDataView view) => view switch
    {
        IDataTransform transform => transform.Source,
        CacheDataView cache => SourceOf(cache),
        OpaqueDataView opaque => SourceOf(opaque),
        _ => null,
    };

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_subsetInput")]
    private static extern ref IDataView SourceOf(CacheDataView cache);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_source")]
    private static extern ref IDataView SourceOf(OpaqueDataView opaque);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_sources")]
    private static extern ref IDataView[] SourcesOf(AppendRowsDataView appended);
}
