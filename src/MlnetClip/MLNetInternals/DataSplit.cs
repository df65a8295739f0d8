using Microsoft.ML;

namespace MlnetClip.MLNetInternals;

/// <summary>Makes the result of a split, whose constructor Microsoft.ML keeps internal.</summary>
internal static class DataSplit
{
    /// <summary>Two sets of rows as <see cref="DataOperationsCatalog.TrainTestSplit"/> returns them.</summary>
    public static DataOperationsCatalog.TrainTestData Of(IDataView trainSet, IDataView testSet) => new(trainSet, testSet);
}
