using Microsoft.ML;
using Microsoft.ML.Runtime;
using MlnetClip;
using SequentialDigits;

string csv = Path.Combine(AppContext.BaseDirectory, "digits.csv");
var mlContext = new MLContext(seed: 1);

// SequentialDigits predict digits.zip: a saved model in a process of its own.
if (args is ["predict", var file])
{
    ITransformer loaded = mlContext.Model.Load(file, out _);
    using var engine = mlContext.Model.CreatePredictionEngine<Image, Prediction>(loaded);
    foreach (Image image in mlContext.Data.CreateEnumerable<Image>(mlContext.Data.LoadFromTextFile<Image>(csv, ','), reuseRowObject: true).Take(10))
    {
        Prediction read = engine.Predict(image);
        Console.WriteLine(FormattableString.Invariant($"{image.Digit} is read as {read.PredictedLabel} with {read.Score.Max():R}"));
    }

    return;
}

mlContext.Log += (_, message) =>
{
    if (message.Kind >= ChannelMessageKind.Info && message.Source.Contains("Lstm", StringComparison.Ordinal)) Console.Error.WriteLine(message.RawMessage);
};
var split = mlContext.Data.TrainTestSplit(mlContext.Data.LoadFromTextFile<Image>(csv, ','), testFraction: 0.2, seed: 1);

var pipeline = mlContext.Transforms.Conversion.MapValueToKey("Label", nameof(Image.Digit))
    .Append(mlContext.MulticlassClassification.Trainers.Lstm(new LstmMulticlassTrainer.Options
    {
        FeatureColumnName = nameof(Image.Pixels), FeaturesPerStep = 8, // an image row is a time step
        HiddenSize = 64, Bidirectional = true, Dropout = 0.3f, RecurrentDropout = 0.3f, Clipping = GradientClipping.ByGlobalNorm(1),
        NumberOfEpochs = 60, LearningRate = 0.005f, LearningRateSchedule = Schedule.CosineToEnd(),
        ValidationFraction = 0, // 1,400 digits are few: all are used for training, and the weights of the last epoch are kept
    }))
    .Append(mlContext.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
var model = pipeline.Fit(split.TrainSet);
mlContext.Model.Save(model, split.TrainSet.Schema, "digits.zip");

var metrics = mlContext.MulticlassClassification.Evaluate(model.Transform(split.TestSet));
Console.WriteLine(FormattableString.Invariant($"Accuracy on held-out digits: {100 * metrics.MicroAccuracy:F1}% (log loss {metrics.LogLoss:F3})"));

// Beside it: trees over the 64 pixels, which do not know that they are rows of an image.
var trees = mlContext.Transforms.Conversion.MapValueToKey("Label", nameof(Image.Digit))
    .Append(mlContext.MulticlassClassification.Trainers.OneVersusAll(mlContext.BinaryClassification.Trainers.FastTree(featureColumnName: nameof(Image.Pixels))));
var beside = mlContext.MulticlassClassification.Evaluate(trees.Fit(split.TrainSet).Transform(split.TestSet));
Console.WriteLine(FormattableString.Invariant($"Accuracy of FastTree on the same digits: {100 * beside.MicroAccuracy:F1}% (log loss {beside.LogLoss:F3})"));
Console.WriteLine("The model is in digits.zip: run this program with the arguments predict digits.zip.");
