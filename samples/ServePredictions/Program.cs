using System.Text.Json.Serialization;
using Microsoft.Extensions.ObjectPool;
using Microsoft.ML;
using ServePredictions;

var mlContext = new MLContext(seed: 1);
Models.TrainDigits(mlContext);
Models.TrainCo2(mlContext);

ITransformer classifier = mlContext.Model.Load(Models.Digits, out _);
ObjectPool<PredictionEngine<Image, Digit>> engines = new DefaultObjectPoolProvider().Create(new EnginePolicy(mlContext, classifier));
using var co2 = mlContext.Forecasting.LoadForecastEngine<Week, HalfYear>(Models.Co2);

WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals); // a forecast may be "NaN"
WebApplication app = builder.Build();

app.MapPost("/digits", (Image image) =>
{
    if (image.Pixels is not { Length: 64 }) return Results.BadRequest("pixels must be 64 numbers.");
    PredictionEngine<Image, Digit> engine = engines.Get();
    try
    {
        return Results.Ok(engine.Predict(image));
    }
    finally
    {
        engines.Return(engine);
    }
});

// A forecast engine is safe for concurrent calls; observations are taken in the order in which they come.
app.MapGet("/co2", () => co2.Predict());
app.MapPost("/co2", (Measurement measurement) => co2.Predict(new Week { Co2 = measurement.Co2 ?? float.NaN }));
app.MapPost("/co2/checkpoint", () => co2.CheckPoint(mlContext, Models.Co2)); // after a restart, the service continues here

app.Run();
