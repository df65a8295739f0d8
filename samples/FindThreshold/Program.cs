// FindThreshold: a study finds how to clip the gradients of a forecaster of weekly CO2. It stores its trials in study.db: stop
// it with Ctrl-C at any time, start it again, and it resumes.
using FindThreshold;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlnetClip;

var mlContext = new MLContext(seed: 1);
IDataView data = mlContext.Data.LoadFromTextFile<Reading>(Path.Combine(AppContext.BaseDirectory, "co2.csv"), new TextLoader.Options
{
    Separators = [','], HasHeader = true, MissingRealsAsNaNs = true, // an empty float is 0 otherwise
});
IDataView train = mlContext.Data.TakeRows(data, 1600);
IDataView validation = mlContext.Data.TakeRows(mlContext.Data.SkipRows(data, 1600), 200);

ClippingStudy study = mlContext.CreateClippingStudy(new ClippingStudyOptions
{
    Pipeline = clipping => mlContext.Forecasting.ForecastByLstm(new LstmForecastingTrainer.Options
    {
        OutputColumnName = "Forecast", InputColumnName = "Co2", WindowSize = 52, Horizon = 12, Clipping = clipping, HiddenSize = 16, NumberOfEpochs = 8,
        LinearPart = LinearPartUse.None, // CO2 is so nearly linear that clipping makes no difference to what a linear part leaves
    }),
    Budget = new StudyBudget { MaxModelToExplore = 16 },
    Seeds = 3,
    StoragePath = "study.db",
});
ClippingStudyResult result = study.Run(train, validation);

Console.WriteLine(result);
foreach (var point in result.Curve) Console.WriteLine(point);
mlContext.Model.Save(result.BestModel, train.Schema, "best.zip");
