using MlnetClip;
using MlnetClip.MLNetInternals;
using Defaults = MlnetClip.LstmTrainerOptions.Defaults;

namespace Microsoft.ML;

/// <summary>Trainers of recurrent networks over sequences, on the <c>Trainers</c> of <see cref="MLContext"/>'s tasks.</summary>
public static class LstmTrainersCatalog
{
    /// <summary>Creates a trainer that predicts a number from a sequence, with gradient clipping.</summary>
    /// <param name="catalog">The trainers.</param>
    /// <param name="labelColumnName">The label column, of type Single.</param>
    /// <param name="featureColumnName">
    /// The column of sequences: vectors of type Single or of keys, of known or variable size, with the values of a sequence one time step after the other.
    /// </param>
    /// <param name="featuresPerStep">Values, or keys, of each time step, 1 or more; the length of every sequence is a multiple of it.</param>
    /// <param name="clipping">
    /// How gradients are clipped; null for the default, <c>GradientClipping.ByGlobalNorm(1)</c>. <see cref="GradientClipping.None"/> switches clipping off.
    /// </param>
    /// <param name="hiddenSize">Units of the LSTM layer, 1 or more.</param>
    /// <param name="numberOfEpochs">Passes over the training sequences, 1 or more.</param>
    /// <param name="learningRate">Adam's learning rate, above 0 and at most 1000.</param>
    /// <param name="exampleWeightColumnName">The column of example weights, of type Single; null for equal weights.</param>
    /// <exception cref="ArgumentException">A value is outside its range; all errors are reported together.</exception>
    public static LstmRegressionTrainer Lstm(
        this RegressionCatalog.RegressionTrainers catalog, string labelColumnName = "Label", string featureColumnName = "Features", int featuresPerStep = 1,
        GradientClipping? clipping = null, int hiddenSize = Defaults.HiddenSize, int numberOfEpochs = Defaults.NumberOfEpochs,
        float learningRate = Defaults.LearningRate, string? exampleWeightColumnName = null) =>
        catalog.Lstm(Options<LstmRegressionTrainer.Options>(labelColumnName, featureColumnName, featuresPerStep, clipping, hiddenSize, numberOfEpochs, learningRate, exampleWeightColumnName));

    /// <summary>Creates a trainer that predicts a number from a sequence, with all options.</summary>
    /// <param name="catalog">The trainers.</param>
    /// <param name="options">The options; copied, so that later changes have no effect.</param>
    /// <exception cref="ArgumentException">An option is outside its range; all errors are reported together.</exception>
    public static LstmRegressionTrainer Lstm(this RegressionCatalog.RegressionTrainers catalog, LstmRegressionTrainer.Options options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(options);
        MicrosoftMLVersion.Check();
        return new LstmRegressionTrainer(HostAccess.EnvironmentOf(catalog), options);
    }

    /// <summary>Creates a trainer for binary classification of sequences, with gradient clipping.</summary>
    /// <param name="catalog">The trainers.</param>
    /// <param name="labelColumnName">The label column, of type Boolean.</param>
    /// <param name="featureColumnName">
    /// The column of sequences: vectors of type Single or of keys, of known or variable size, with the values of a sequence one time step after the other.
    /// </param>
    /// <param name="featuresPerStep">Values, or keys, of each time step, 1 or more; the length of every sequence is a multiple of it.</param>
    /// <param name="clipping">
    /// How gradients are clipped; null for the default, <c>GradientClipping.ByGlobalNorm(1)</c>. <see cref="GradientClipping.None"/> switches clipping off.
    /// </param>
    /// <param name="hiddenSize">Units of the LSTM layer, 1 or more.</param>
    /// <param name="numberOfEpochs">Passes over the training sequences, 1 or more.</param>
    /// <param name="learningRate">Adam's learning rate, above 0 and at most 1000.</param>
    /// <param name="exampleWeightColumnName">The column of example weights, of type Single; null for equal weights.</param>
    /// <exception cref="ArgumentException">A value is outside its range; all errors are reported together.</exception>
    public static LstmBinaryTrainer Lstm(
        this BinaryClassificationCatalog.BinaryClassificationTrainers catalog, string labelColumnName = "Label", string featureColumnName = "Features", int featuresPerStep = 1,
        GradientClipping? clipping = null, int hiddenSize = Defaults.HiddenSize, int numberOfEpochs = Defaults.NumberOfEpochs,
        float learningRate = Defaults.LearningRate, string? exampleWeightColumnName = null) =>
        catalog.Lstm(Options<LstmBinaryTrainer.Options>(labelColumnName, featureColumnName, featuresPerStep, clipping, hiddenSize, numberOfEpochs, learningRate, exampleWeightColumnName));

    /// <summary>Creates a trainer for binary classification of sequences, with all options.</summary>
    /// <param name="catalog">The trainers.</param>
    /// <param name="options">The options; copied, so that later changes have no effect.</param>
    /// <exception cref="ArgumentException">An option is outside its range; all errors are reported together.</exception>
    public static LstmBinaryTrainer Lstm(this BinaryClassificationCatalog.BinaryClassificationTrainers catalog, LstmBinaryTrainer.Options options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(options);
        MicrosoftMLVersion.Check();
        return new LstmBinaryTrainer(HostAccess.EnvironmentOf(catalog), options);
    }

    /// <summary>Creates a trainer that classifies sequences, with gradient clipping.</summary>
    /// <param name="catalog">The trainers.</param>
    /// <param name="labelColumnName">The label column, a key, as created by <c>MapValueToKey</c>.</param>
    /// <param name="featureColumnName">
    /// The column of sequences: vectors of type Single or of keys, of known or variable size, with the values of a sequence one time step after the other.
    /// </param>
    /// <param name="featuresPerStep">Values, or keys, of each time step, 1 or more; the length of every sequence is a multiple of it.</param>
    /// <param name="clipping">
    /// How gradients are clipped; null for the default, <c>GradientClipping.ByGlobalNorm(1)</c>. <see cref="GradientClipping.None"/> switches clipping off.
    /// </param>
    /// <param name="hiddenSize">Units of the LSTM layer, 1 or more.</param>
    /// <param name="numberOfEpochs">Passes over the training sequences, 1 or more.</param>
    /// <param name="learningRate">Adam's learning rate, above 0 and at most 1000.</param>
    /// <param name="exampleWeightColumnName">The column of example weights, of type Single; null for equal weights.</param>
    /// <exception cref="ArgumentException">A value is outside its range; all errors are reported together.</exception>
    public static LstmMulticlassTrainer Lstm(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog, string labelColumnName = "Label", string featureColumnName = "Features", int featuresPerStep = 1,
        GradientClipping? clipping = null, int hiddenSize = Defaults.HiddenSize, int numberOfEpochs = Defaults.NumberOfEpochs,
        float learningRate = Defaults.LearningRate, string? exampleWeightColumnName = null) =>
        catalog.Lstm(Options<LstmMulticlassTrainer.Options>(labelColumnName, featureColumnName, featuresPerStep, clipping, hiddenSize, numberOfEpochs, learningRate, exampleWeightColumnName));

    /// <summary>Creates a trainer that classifies sequences, with all options.</summary>
    /// <param name="catalog">The trainers.</param>
    /// <param name="options">The options; copied, so that later changes have no effect.</param>
    /// <exception cref="ArgumentException">An option is outside its range; all errors are reported together.</exception>
    public static LstmMulticlassTrainer Lstm(this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog, LstmMulticlassTrainer.Options options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(options);
        MicrosoftMLVersion.Check();
        return new LstmMulticlassTrainer(HostAccess.EnvironmentOf(catalog), options);
    }

    /// <summary>Creates a trainer for sequence labeling, which predicts a class for every time step of a sequence, with gradient clipping.</summary>
    /// <param name="catalog">The trainers.</param>
    /// <param name="labelColumnName">The label column, a vector with a key for each time step; a missing key is a step without a label.</param>
    /// <param name="featureColumnName">
    /// The column of sequences: vectors of type Single or of keys, of known or variable size, with the values of a sequence one time step after the other.
    /// </param>
    /// <param name="featuresPerStep">Values, or keys, of each time step, 1 or more; the length of every sequence is a multiple of it.</param>
    /// <param name="clipping">
    /// How gradients are clipped; null for the default, <c>GradientClipping.ByGlobalNorm(1)</c>. <see cref="GradientClipping.None"/> switches clipping off.
    /// </param>
    /// <param name="hiddenSize">Units of the LSTM layer, 1 or more.</param>
    /// <param name="numberOfEpochs">Passes over the training sequences, 1 or more.</param>
    /// <param name="learningRate">Adam's learning rate, above 0 and at most 1000.</param>
    /// <param name="exampleWeightColumnName">The column of example weights, of type Single; null for equal weights.</param>
    /// <exception cref="ArgumentException">A value is outside its range; all errors are reported together.</exception>
    public static LstmLabelingTrainer LstmLabeling(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog, string labelColumnName = "Label", string featureColumnName = "Features", int featuresPerStep = 1,
        GradientClipping? clipping = null, int hiddenSize = Defaults.HiddenSize, int numberOfEpochs = Defaults.NumberOfEpochs,
        float learningRate = Defaults.LearningRate, string? exampleWeightColumnName = null) =>
        catalog.LstmLabeling(Options<LstmLabelingTrainer.Options>(labelColumnName, featureColumnName, featuresPerStep, clipping, hiddenSize, numberOfEpochs, learningRate, exampleWeightColumnName));

    /// <summary>Creates a trainer for sequence labeling, which predicts a class for every time step of a sequence, with all options.</summary>
    /// <param name="catalog">The trainers.</param>
    /// <param name="options">The options; copied, so that later changes have no effect.</param>
    /// <exception cref="ArgumentException">An option is outside its range; all errors are reported together.</exception>
    public static LstmLabelingTrainer LstmLabeling(this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog, LstmLabelingTrainer.Options options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(options);
        MicrosoftMLVersion.Check();
        return new LstmLabelingTrainer(HostAccess.EnvironmentOf(catalog), options);
    }

    /// <summary>The options that the overloads without an options object take as parameters.</summary>
    private static TOptions Options<TOptions>(
        string labelColumnName, string featureColumnName, int featuresPerStep, GradientClipping? clipping, int hiddenSize, int numberOfEpochs, float learningRate, string? exampleWeightColumnName)
        where TOptions : LstmSequenceTrainerOptions, new() => new()
        {
            LabelColumnName = labelColumnName,
            FeatureColumnName = featureColumnName,
            FeaturesPerStep = featuresPerStep,
            Clipping = clipping ?? Defaults.Clipping,
            HiddenSize = hiddenSize,
            NumberOfEpochs = numberOfEpochs,
            LearningRate = learningRate,
            ExampleWeightColumnName = exampleWeightColumnName,
        };
}
