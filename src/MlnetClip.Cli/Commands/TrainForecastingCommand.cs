using System.CommandLine;
using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using MlnetClip.Cli.Arguments;
using MlnetClip.Cli.Models;
using MlnetClip.Cli.Output;
using MlnetClip.Cli.Series;

namespace MlnetClip.Cli.Commands;

/// <summary><c>mlnetclip train forecasting</c>: trains on the rows before the cut, saves, and judges what was saved on the rows after it.</summary>
internal sealed class TrainForecastingCommand
{
    private readonly SeriesArguments _series = new(remembered: false);
    private readonly ForecasterArguments _forecaster = new();
    private readonly Option<string> _model = Flag.Text("--model", "FILE", "the model file to write", required: true);
    private readonly Option<string> _checkpoint = Flag.Text(
        "--checkpoint", "FILE", "keeps where the training stands, epoch by epoch and on Ctrl-C; the same command goes on from it");
    private readonly ProtocolArguments _protocol = new("training");
    private readonly Option<bool> _json = Flag.Json();
    private readonly Terminal _terminal;

    private TrainForecastingCommand(Terminal terminal) => _terminal = terminal;

    public static Command Create(Terminal terminal)
    {
        var train = new TrainForecastingCommand(terminal);
        var command = new Command("forecasting", "trains an LSTM forecaster on a column of a CSV file and judges it on the last rows");
        train._series.AddTo(command);
        foreach (Option option in new Option[] { train._model, train._checkpoint }) command.Options.Add(option);
        train._protocol.AddTo(command);
        train._forecaster.AddTo(command);
        command.Options.Add(train._json);
        command.SetAction((arguments, cancellation) => Task.FromResult(train.Run(arguments, cancellation)));
        return command;
    }

    private int Run(ParseResult arguments, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        FileTarget target = FileTarget.Check("--model", arguments.GetRequiredValue(_model), _series.Path(arguments));
        string? checkpoint = arguments.GetValue(_checkpoint);
        if (checkpoint is not null) FileTarget.Check("--checkpoint", checkpoint, _series.Path(arguments), arguments.GetRequiredValue(_model));
        TimeSeries series = _series.Read(arguments);
        ForecastProtocol protocol = _protocol.For(series, arguments, arguments.GetRequiredValue(_forecaster.Horizon));

        var mlContext = new MLContext(arguments.GetValue(_forecaster.Seed));
        var progress = new TrainingProgress(_terminal, arguments.GetValue(_forecaster.Epochs));
        mlContext.Log += (_, message) =>
        {
            if (message.Kind >= ChannelMessageKind.Warning) progress.Warn(message.RawMessage);
        };
        LstmForecastingTrainer.Options options = _forecaster.ToOptions(arguments, series.ValueColumn);
        options.MetricsCallback = progress.Report;
        options.CancellationToken = cancellation;
        options.CheckpointPath = checkpoint;

        _terminal.Log($"Training on the first {Figures.Count(protocol.FirstOrigin)} of {Figures.Count(series.Rows)} rows of {series.Path}.");
        IDataView rows = SeriesView.Of(mlContext, series.ValueColumn, new ArraySegment<float>(series.Values, 0, protocol.FirstOrigin));
        LstmForecastingTransformer trained = progress.Run(() => Fit(_terminal, mlContext, options, rows));

        // Judged is what was read back from the bytes that are written.
        byte[] file = ModelFile.Save(mlContext, trained, rows.Schema, _protocol.Remember(_series.Remember(arguments), arguments, series, protocol));
        LoadedModel model = ModelFile.Load(mlContext, target.Shown, file);
        ForecastScores scores = Judgement.Of(mlContext, model, series, protocol, cancellation);
        target.Write(stream => stream.Write(file));

        if (arguments.GetValue(_json)) _terminal.Output.WriteLine(JsonText.Of(ForecastingReport.Of(model, scores, protocol, series.Rows, watch.Elapsed)));
        else
        {
            ScoreTable.Write(_terminal.OutputConsole, model.Forecaster.Training, scores, protocol, series);
            _terminal.Output.WriteLine($"Saved {target.Shown} after {Figures.Seconds(watch.Elapsed)}.");
        }

        return ExitCode.Success;
    }

    /// <summary>Options and data that the library refuses are the user's to mend; what happens while it trains is a failed run.</summary>
    private static LstmForecastingTransformer Fit(Terminal terminal, MLContext mlContext, LstmForecastingTrainer.Options options, IDataView rows)
    {
        LstmForecastingTrainer estimator;
        try
        {
            estimator = mlContext.Forecasting.ForecastByLstm(options);
        }
        catch (ArgumentException e)
        {
            throw new InputException(e.Message, inner: e);
        }

        try
        {
            return estimator.Fit(rows);
        }
        catch (InvalidDataException e)
        {
            throw new InputException(e.Message, inner: e);
        }
        catch (OperationCanceledException) when (File.Exists(options.CheckpointPath))
        {
            terminal.Log($"{options.CheckpointPath} keeps where the training stands; the same command goes on from it.");
            throw;
        }
    }
}
