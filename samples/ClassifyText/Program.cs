using Microsoft.ML;
using MlnetClip;
using ClassifyText;

var mlContext = new MLContext(seed: 1);
IDataView train = mlContext.Data.LoadFromEnumerable(Review.Generate(4000, seed: 1));
IDataView test = mlContext.Data.LoadFromEnumerable(Review.Generate(1000, seed: 2));

// Text becomes a sequence of keys, and each key a vector that is learned.
var pipeline = mlContext.Transforms.Text.TokenizeIntoWords("Words", nameof(Review.Text))
    .Append(mlContext.Transforms.Conversion.MapValueToKey("Features", "Words"))
    .Append(mlContext.BinaryClassification.Trainers.Lstm(new LstmBinaryTrainer.Options
    {
        LabelColumnName = nameof(Review.ComesAgain), EmbeddingSize = 16, HiddenSize = 32, NumberOfEpochs = 15, LearningRate = 0.005f, Clipping = GradientClipping.ByGlobalNorm(1),
    }));
var model = pipeline.Fit(train);
var metrics = mlContext.BinaryClassification.Evaluate(model.Transform(test), nameof(Review.ComesAgain));
Console.WriteLine(FormattableString.Invariant($"Accuracy of an LSTM over the words in their order: {100 * metrics.Accuracy:F1}%"));

// Beside it: the same words counted, without their order.
var bags = mlContext.Transforms.Text.ProduceWordBags("Features", nameof(Review.Text), ngramLength: 1)
    .Append(mlContext.BinaryClassification.Trainers.LbfgsLogisticRegression(nameof(Review.ComesAgain))).Fit(train);
double counted = mlContext.BinaryClassification.Evaluate(bags.Transform(test), nameof(Review.ComesAgain)).Accuracy;
Console.WriteLine(FormattableString.Invariant($"Accuracy of a linear model over counted words: {100 * counted:F1}%"));

using var engine = mlContext.Model.CreatePredictionEngine<Review, Prediction>(model);
foreach (string text in new[] { "the room was not clean but the food was excellent", "the food was excellent but the room was not clean" })
    Console.WriteLine(FormattableString.Invariant($"{text}: comes again with {100 * engine.Predict(new Review { Text = text }).Probability:F0}%"));
