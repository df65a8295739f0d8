using MlnetClip;
using MlnetClip.MLNetInternals;

namespace Microsoft.ML;

/// <summary>Transforms from rows to sequences, on <see cref="MLContext.Transforms"/>.</summary>
public static class SequenceTransformsCatalog
{
    /// <summary>Groups rows into sequences, one for each group. The rows of a group are next to each other, in the order of its time steps.</summary>
    /// <param name="catalog">The transforms.</param>
    /// <param name="outputColumnName">The column of sequences to create.</param>
    /// <param name="groupColumnName">The column that names the group of each row: text, a key, a number or a time.</param>
    /// <param name="featureColumnNames">The columns of features, of type Single or vectors of it of known size, or all of keys.</param>
    /// <param name="labelColumnName">The label column; null for no label.</param>
    /// <param name="label">Which rows of a group give its label.</param>
    /// <exception cref="ArgumentException">A value is outside its range; all errors are reported together.</exception>
    public static ToSequencesEstimator ToSequences(
        this TransformsCatalog catalog, string outputColumnName, string groupColumnName, IReadOnlyList<string> featureColumnNames,
        string? labelColumnName = null, SequenceLabel label = SequenceLabel.Last) =>
        catalog.ToSequences(new ToSequencesEstimator.Options
        {
            OutputColumnName = outputColumnName, GroupColumnName = groupColumnName, FeatureColumnNames = featureColumnNames, LabelColumnName = labelColumnName, Label = label,
        });

    /// <summary>Groups rows into sequences, with all options.</summary>
    /// <param name="catalog">The transforms.</param>
    /// <param name="options">The options; copied, so that later changes have no effect.</param>
    /// <exception cref="ArgumentException">An option is outside its range; all errors are reported together.</exception>
    public static ToSequencesEstimator ToSequences(this TransformsCatalog catalog, ToSequencesEstimator.Options options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(options);
        MicrosoftMLVersion.Check();
        return new ToSequencesEstimator(HostAccess.EnvironmentOf(catalog), options);
    }

    /// <summary>Cuts rows into sliding windows, labeled by the value that follows each.</summary>
    /// <param name="catalog">The transforms.</param>
    /// <param name="outputColumnName">The column of windows to create.</param>
    /// <param name="featureColumnNames">The columns of features, of type Single or vectors of it of known size, or all of keys.</param>
    /// <param name="windowSize">Rows of a window, from 1 to 1048576.</param>
    /// <param name="stride">Rows from the beginning of a window to that of the next, 1 or more.</param>
    /// <param name="labelColumnName">The label column; null for no label.</param>
    /// <param name="label">Which rows give the label of a window.</param>
    /// <exception cref="ArgumentException">A value is outside its range; all errors are reported together.</exception>
    public static ToWindowsEstimator ToWindows(
        this TransformsCatalog catalog, string outputColumnName, IReadOnlyList<string> featureColumnNames, int windowSize, int stride = 1,
        string? labelColumnName = null, WindowLabel label = WindowLabel.After) =>
        catalog.ToWindows(new ToWindowsEstimator.Options
        {
            OutputColumnName = outputColumnName, FeatureColumnNames = featureColumnNames, WindowSize = windowSize, Stride = stride, LabelColumnName = labelColumnName, Label = label,
        });

    /// <summary>Cuts rows into sliding windows, with all options.</summary>
    /// <param name="catalog">The transforms.</param>
    /// <param name="options">The options; copied, so that later changes have no effect.</param>
    /// <exception cref="ArgumentException">An option is outside its range; all errors are reported together.</exception>
    public static ToWindowsEstimator ToWindows(this TransformsCatalog catalog, ToWindowsEstimator.Options options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(options);
        MicrosoftMLVersion.Check();
        return new ToWindowsEstimator(HostAccess.EnvironmentOf(catalog), options);
    }
}
