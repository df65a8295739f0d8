using System.CommandLine;
using System.Globalization;
using MlnetClip.Losses;
using MlnetClip.Optimizers;
using MlnetClip.Settings;
using MlnetClip.Training;

namespace MlnetClip.Cli.Arguments;

/// <summary>The options that describe the forecaster and its training; defaults are the library's.</summary>
internal sealed class ForecasterArguments
{
    /// <summary>What the fit without clipping of a search tries: the learning rate and batch size are the user's or the default.</summary>
    public static readonly TrialSettings Unclipped = new(GradientClipping.None, null, null);

    private static readonly LstmForecastingTrainer.Options Defaults = new();

    private readonly Option<int> _window = Flag.Whole(new("--window", 2), "ROWS", "rows that the network reads for one forecast; two seasons are a good start");
    private readonly Option<GradientClipping> _clip = Flag.Setting(
        "--clip", "RULE", "how gradients are clipped: none, norm:1, value:0.5, agc:0.01, autoclip:10, zclip:2.5 or another rule of docs/clipping.md; several joined by + act in order", GradientClipping.ByGlobalNorm(1), GradientClipping.Parse);

    private readonly Option<NonFinitePolicy> _nonFinite = Flag.Setting(
        "--nonfinite", "POLICY", "what happens to a step whose gradient is not finite: throw, skip:N for at most N in a row, zero:N, rollback", Defaults.NonFinite, NonFinitePolicy.Parse);

    private readonly Option<int> _hidden = Flag.Whole(new("--hidden", 1), "UNITS", "units of each LSTM layer", Defaults.HiddenSize);
    private readonly Option<int> _layers = Flag.Whole(new("--layers", 1), "COUNT", "stacked LSTM layers", Defaults.NumberOfLayers);
    private readonly Option<double> _dropout = Flag.Number(
        new("--dropout", 0, 1, MaximumLegal: false), "SHARE", "share of the outputs between layers that training sets to zero", Defaults.Dropout);

    private readonly Option<LearningRateSchedule> _schedule = Flag.Setting(
        "--schedule", "SCHEDULE", "how the learning rate changes: constant, step, cosine", Defaults.LearningRateSchedule, LearningRateSchedule.Parse);

    private readonly Option<Optimizer> _optimizer = Flag.Setting(
        "--optimizer", "OPTIMIZER", "adam, adamw:decay=0.01, sgd:momentum=0.9 or rmsprop", Defaults.Optimizer, Optimizer.Parse);

    private readonly Option<ILoss> _loss = Flag.Setting("--loss", "LOSS", "mse, or huber:DELTA", Defaults.Loss, ParseLoss);
    private readonly Option<double> _validation = Flag.Number(
        new("--validation", 0, 1, MaximumLegal: false), "SHARE", "share of the training rows, from their end, that choose the best epoch; 0 for the last epoch", Defaults.ValidationFraction);

    private readonly Option<int?> _patience = Flag.OptionalWhole(
        new("--patience", 1), "EPOCHS", "stop after so many epochs without a better validation loss; by default never");

    private readonly Option<bool> _timeSteps = Flag.Switch(
        "--measure-time-steps", "measure what each row of the window contributes to the gradient, so that inspect can tell a vanishing one");

    private readonly Option<int?> _threads = Flag.OptionalWhole(
        new("--threads", 1), "COUNT", "threads that train; the result does not depend on it; by default one per processor, but at most one for each 8 windows of a batch");

    /// <summary>The learning rates that are legal.</summary>
    public static OptionRange Rates { get; } = new("--learning-rate", 0, 1000, MinimumLegal: false);

    /// <summary>Windows of a training step.</summary>
    public Option<int> Batch { get; } = Flag.Whole(new("--batch", 1), "WINDOWS", "windows of a training step", Defaults.BatchSize);

    /// <summary>The learning rate.</summary>
    public Option<double> LearningRate { get; } = Flag.Number(Rates, "RATE", "learning rate", Math.Round(Defaults.LearningRate, 9));

    /// <summary>Rows ahead.</summary>
    public Option<int> Horizon { get; } = Flag.Whole(new("--horizon", 1), "ROWS", "rows ahead to forecast");

    /// <summary>Passes over the training windows.</summary>
    public Option<int> Epochs { get; } = Flag.Whole(new("--epochs", 1), "COUNT", "passes over the training windows", Defaults.NumberOfEpochs);

    /// <summary>Decides all randomness.</summary>
    public Option<int> Seed { get; } = Flag.Whole(new("--seed", int.MinValue, int.MaxValue), "NUMBER", "decides all randomness", 1);

    /// <param name="command">The command.</param>
    /// <param name="tuned">Whether the command finds the clipping by itself, and measures what it needs.</param>
    public void AddTo(Command command, bool tuned = false)
    {
        Option[] options =
        [
            _window, Horizon, _clip, _nonFinite, Epochs, Seed, _hidden, _layers, _dropout, Batch,
            LearningRate, _schedule, _optimizer, _loss, _validation, _patience, _timeSteps, _threads,
        ];
        foreach (Option option in options)
            if (!tuned || (option != _clip && option != _timeSteps)) command.Options.Add(option);
        command.Validators.Add(result =>
        {
            if (Given(_dropout, Defaults.Dropout) > 0 && Given(_layers, Defaults.NumberOfLayers) == 1)
                result.AddError("--dropout acts between layers and needs --layers of 2 or more, but there is 1.");
            if (Given(_patience, null) is not null && Given(_validation, Defaults.ValidationFraction) == 0)
                result.AddError("--patience watches the validation loss and needs --validation above 0, but it is 0.");

            if (tuned && Given(_validation, Defaults.ValidationFraction) == 0)
                result.AddError("--validation must be above 0 here, since settings are compared by the validation loss, but it is 0.");

            // Defaults are not in the result yet when validators run.
            T Given<T>(Option<T> option, T absent) => result.GetResult(option) is { } given ? given.GetValueOrDefault<T>()! : absent;
        });
    }

    private static ILoss ParseLoss(string text) => LossText.Parse(text) switch
    {
        CrossEntropyLoss => throw new FormatException($"'{text}' compares classes; a forecaster takes mse or huber:DELTA."),
        var loss => loss,
    };

    /// <summary>The estimator's options.</summary>
    /// <param name="arguments">What the user gave.</param>
    /// <param name="column">The series.</param>
    /// <param name="tried">What a search tries, instead of what the user gave; null without a search.</param>
    public LstmForecastingTrainer.Options ToOptions(ParseResult arguments, string column, TrialSettings? tried = null) => new()
    {
        InputColumnName = column,
        OutputColumnName = "Forecast",
        WindowSize = arguments.GetRequiredValue(_window),
        Horizon = arguments.GetRequiredValue(Horizon),
        Clipping = tried?.Clipping ?? arguments.GetRequiredValue(_clip),
        NonFinite = arguments.GetRequiredValue(_nonFinite),
        NumberOfEpochs = arguments.GetValue(Epochs),
        HiddenSize = arguments.GetValue(_hidden),
        NumberOfLayers = arguments.GetValue(_layers),
        Dropout = (float)arguments.GetValue(_dropout),
        BatchSize = tried?.BatchSize ?? arguments.GetValue(Batch),
        LearningRate = tried?.LearningRate ?? (float)arguments.GetValue(LearningRate),
        LearningRateSchedule = arguments.GetRequiredValue(_schedule),
        Optimizer = arguments.GetRequiredValue(_optimizer),
        Loss = arguments.GetRequiredValue(_loss),
        ValidationFraction = arguments.GetValue(_validation),
        EarlyStopping = arguments.GetValue(_patience) is { } patience ? new EarlyStopping(patience) : null,
        MeasureTimeSteps = tried is null && arguments.GetValue(_timeSteps),
        NumberOfThreads = arguments.GetValue(_threads),
    };

    /// <summary>What decides a fit, in words.</summary>
    public string Describe(ParseResult arguments)
    {
        LstmForecastingTrainer.Options options = ToOptions(arguments, "", Unclipped);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"window {options.WindowSize}, horizon {options.Horizon}, {options.NumberOfLayers} layers of {options.HiddenSize}, dropout {options.Dropout}, "
            + $"{options.NumberOfEpochs} epochs in batches of {options.BatchSize}, {options.Optimizer} at {options.LearningRate} {options.LearningRateSchedule}, "
            + $"loss {options.Loss}, {options.NonFinite}, validation {options.ValidationFraction}, patience {options.EarlyStopping?.Patience}");
    }
}
