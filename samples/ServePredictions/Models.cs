using Microsoft.ML;
using Microsoft.ML.Data;
using MlnetClip;

namespace ServePredictions;

/// <summary>The models of the service, trained when it first starts and read from their files afterwards.</summary>
internal static class Models
{
    /// <summary>The file of the classifier.</summary>
    public const string Digits = "digits.zip";

    /// <summary>The checkpoint of the forecast engine: the model and the weeks so far.</summary>
    public const string Co2 = "co2.zip";

    /// <summary>Trains the classifier of digits, unless it is there.</summary>
    public static void TrainDigits(MLContext mlContext)
    {
        if (File.Exists(Digits)) return;
        IDataView data = mlContext.Data.LoadFromTextFile<Image>(Path.Combine(AppContext.BaseDirectory, "digits.csv"), ',');
        IDataView trainSet = mlContext.Data.TrainTestSplit(data, testFraction: 0.2, seed: 1).TrainSet;
        var pipeline = mlContext.Transforms.Conversion.MapValueToKey("Label", nameof(Image.Digit))
            .Append(mlContext.MulticlassClassification.Trainers.Lstm(new LstmMulticlassTrainer.Options
            {
                FeatureColumnName = nameof(Image.Pixels), FeaturesPerStep = 8, HiddenSize = 32, NumberOfEpochs = 15, LearningRate = 0.01f, ValidationFraction = 0,
            }))
            .Append(mlContext.Transforms.Conversion.MapKeyToValue(nameof(Digit.PredictedLabel), "PredictedLabel"));
        mlContext.Model.Save(pipeline.Fit(trainSet), trainSet.Schema, Digits);
    }

    /// <summary>Trains the forecaster of CO2 and observes the weeks of the file, unless that has been done.</summary>
    public static void TrainCo2(MLContext mlContext)
    {
        if (File.Exists(Co2)) return;
        IDataView data = mlContext.Data.LoadFromTextFile<Week>(Path.Combine(AppContext.BaseDirectory, "co2.csv"), new TextLoader.Options
        {
            Separators = [','], HasHeader = true, MissingRealsAsNaNs = true,
        });
        var model = mlContext.Forecasting.ForecastByLstm("Forecast", nameof(Week.Co2), windowSize: 104, horizon: 26, numberOfEpochs: 3).Fit(data);
        using var engine = model.CreateForecastEngine<Week, HalfYear>(mlContext);
        engine.Observe(mlContext.Data.CreateEnumerable<Week>(data, reuseRowObject: false));
        engine.CheckPoint(mlContext, Co2);
    }
}
