using Microsoft.ML;
using MlnetClip;
using LabelSteps;

var mlContext = new MLContext(seed: 1);
IDataView train = mlContext.Data.LoadFromEnumerable(Machine.Run(firstCycle: 0, cycles: 300, seed: 1));
IDataView test = mlContext.Data.LoadFromEnumerable(Machine.Run(firstCycle: 300, cycles: 100, seed: 2));

// Rows of one cycle become one row: the readings, and the phase of each of them.
var rows = mlContext.Transforms.Conversion.MapValueToKey("Label", nameof(Reading.Phase))
    .Append(mlContext.Transforms.ToSequences("Features", nameof(Reading.Cycle), [nameof(Reading.Level), nameof(Reading.Power)], "Label", SequenceLabel.EveryStep));
var labeling = mlContext.MulticlassClassification.Trainers.LstmLabeling(new LstmLabelingTrainer.Options
{
    FeaturesPerStep = 2, HiddenSize = 32, Bidirectional = true, NumberOfEpochs = 20, LearningRate = 0.01f, Clipping = GradientClipping.ByGlobalNorm(1),
});
var model = rows.Append(labeling).Fit(train);
SequenceLabelingMetrics metrics = mlContext.MulticlassClassification.EvaluateSteps(model.Transform(test));
Console.WriteLine(FormattableString.Invariant($"Accuracy of an LSTM over whole cycles: {100 * metrics.MicroAccuracy:F1}% of the readings ({100 * metrics.SequenceAccuracy:F0}% of the cycles without an error)"));
Console.WriteLine(metrics.ConfusionMatrix.GetFormattedConfusionTable());

// Beside it: the same readings one by one, without their neighbors.
var single = mlContext.Transforms.Conversion.MapValueToKey("Label", nameof(Reading.Phase))
    .Append(mlContext.Transforms.Concatenate("Features", nameof(Reading.Level), nameof(Reading.Power)))
    .Append(mlContext.MulticlassClassification.Trainers.LbfgsMaximumEntropy()).Fit(train);
double alone = mlContext.MulticlassClassification.Evaluate(single.Transform(test)).MicroAccuracy;
Console.WriteLine(FormattableString.Invariant($"Accuracy of a linear model over single readings: {100 * alone:F1}%"));

// An application has a whole cycle in a row, so its pipeline begins after ToSequences.
ITransformer serving = model.LastTransformer.Append(mlContext.Transforms.Conversion.MapKeyToValue("PredictedLabel").Fit(model.Transform(test)));
using var engine = mlContext.Model.CreatePredictionEngine<Cycle, LabeledCycle>(serving);
float[] readings = [.. Machine.Run(0, 1, seed: 3).SelectMany(reading => new[] { reading.Level, reading.Power })];
Console.WriteLine($"A new cycle: {string.Join(' ', engine.Predict(new Cycle { Features = readings }).PredictedLabel)}");
