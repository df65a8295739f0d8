using MlnetClip.Settings;

namespace MlnetClip.Trainers;

/// <summary>Operations on the options of every trainer that return their own type.</summary>
internal static class LstmTrainerOptionsExtensions
{
    /// <summary>A copy, so that later changes have no effect.</summary>
    public static TOptions Copy<TOptions>(this TOptions options)
        where TOptions : LstmTrainerOptions => (TOptions)options.Clone();

    /// <summary>Applies a scope's overrides.</summary>
    public static TOptions Within<TOptions>(this TOptions options, FitScope? scope)
        where TOptions : LstmTrainerOptions
    {
        if (scope is null) return options;
        TOptions within = options.Copy();
        within.NumberOfThreads = options.NumberOfThreads ?? scope.NumberOfThreads;
        within.NonFinite = scope.NonFinite ?? options.NonFinite;
        within.MeasureTimeSteps = options.MeasureTimeSteps || scope.MeasureTimeSteps;
        return within;
    }

    /// <summary>Adds clipping and the sizes of the network.</summary>
    /// <param name="table">The table.</param>
    /// <param name="sequences">What the trainer calls sequences, in the plural.</param>
    /// <param name="layers">What it calls its layers, for example <c>LSTM layer</c>, in the singular.</param>
    public static OptionTable<TOptions> Network<TOptions>(this OptionTable<TOptions> table, string sequences, string layers)
        where TOptions : LstmTrainerOptions, new() => table
        .Setting(nameof(LstmTrainerOptions.Clipping), "--clip RULE", "how gradients are clipped: none, norm:1, value:0.5, agc:0.01, autoclip:10, zclip:2.5 or another rule of docs/clipping.md; several joined by + are applied in order", GradientClipping.Parse, clipping => $"{clipping}")
        .Setting(nameof(LstmTrainerOptions.NonFinite), "--nonfinite POLICY", "what happens to a step whose gradient is not finite: throw, skip:N for at most N in a row, zero:N, rollback", NonFinitePolicy.Parse, policy => $"{policy}")
        .Number<int>(nameof(LstmTrainerOptions.NumberOfEpochs), "--epochs COUNT", $"passes over the training {sequences}; 0 makes no step, so that initial weights are kept as they are", OptionTable<TOptions>.From(0))
        .Number<int>(nameof(LstmTrainerOptions.HiddenSize), "--hidden UNITS", $"units of each {layers}", OptionTable<TOptions>.From(1))
        .Number<int>(nameof(LstmTrainerOptions.NumberOfLayers), "--layers COUNT", $"stacked {layers}s", OptionTable<TOptions>.From(1, 1000));

    /// <summary>Adds the bias of the forget gates.</summary>
    public static OptionTable<TOptions> ForgetGate<TOptions>(this OptionTable<TOptions> table)
        where TOptions : LstmTrainerOptions, new() => table.OptionalNumber<float>(
            nameof(LstmTrainerOptions.ForgetGateBias), "--forget-gate-bias VALUE", "the initial bias of the LSTM's forget gates, for example 1; by default PyTorch's initialization", OptionTable<TOptions>.From(double.NegativeInfinity), shapesModel: true);

    /// <summary>Adds batches, learning rate and optimizer.</summary>
    /// <param name="table">The table.</param>
    /// <param name="sequences">What the trainer calls sequences, in the plural.</param>
    public static OptionTable<TOptions> Steps<TOptions>(this OptionTable<TOptions> table, string sequences)
        where TOptions : LstmTrainerOptions, new() => table
        .Number<int>(nameof(LstmTrainerOptions.BatchSize), $"--batch {sequences.ToUpperInvariant()}", $"{sequences} of a training step", OptionTable<TOptions>.From(1))
        .NumberOrWord<float>(nameof(LstmTrainerOptions.LearningRate), "--learning-rate RATE", "learning rate, or auto to find one by a short sweep", new OptionRange("", 0, 1000, MinimumLegal: false), "auto")
        .Setting(nameof(LstmTrainerOptions.LearningRateSchedule), "--schedule SCHEDULE", "how the learning rate changes: constant, step, exponential, cosine, restarts:epochs=10, one-cycle, plateau (by the validation loss), or from one factor to another such as 1..0.1/20epochs; each may begin with a warm-up, cosine:warmup=100", Schedule.Parse, schedule => $"{schedule}")
        .Setting(nameof(LstmTrainerOptions.Optimizer), "--optimizer OPTIMIZER", "adam, adamw:decay=0.01, sgd:momentum=0.9,nesterov=true, rmsprop or adagrad; decay=D is weight decay, for sgd, rmsprop and adagrad with decoupled=true applied to the weights directly", Optimizer.Parse, optimizer => $"{optimizer}")
        .Number<int>(nameof(LstmTrainerOptions.AccumulatedBatches), "--accumulate BATCHES", "batches of a training step, whose gradients are added up and clipped once", OptionTable<TOptions>.From(1, 1_000_000))
        .Number<float>(nameof(LstmTrainerOptions.GradientNoise), "--gradient-noise DEVIATION", "standard deviation of the noise that is added to the clipped gradient in the first step; it falls with the steps", OptionTable<TOptions>.From(0))
        .Setting(nameof(LstmTrainerOptions.WeightAveraging), "--average AVERAGE", "validate and keep an average of the weights: ema:0.999, a moving one, or swa:0.75, of the epochs after three quarters; by default none", text => text == "none" ? null : WeightAveraging.Parse(text), averaging => $"{averaging}", nullable: true)
        .Setting(nameof(LstmTrainerOptions.Frozen), "--freeze GROUPS", "parameters that are not trained: layer0, body (all but the head), or several joined by +; by default none", text => text == "none" ? null : FrozenParameters.Parse(text), frozen => $"{frozen}", nullable: true);

    /// <summary>Adds validation, early stopping and the engine.</summary>
    /// <param name="table">The table.</param>
    /// <param name="sequences">What the trainer calls sequences, in the plural.</param>
    /// <param name="step">What it calls a time step.</param>
    /// <param name="validationRows">A description of the validation rows.</param>
    public static OptionTable<TOptions> Run<TOptions>(this OptionTable<TOptions> table, string sequences, string step, string validationRows)
        where TOptions : LstmTrainerOptions, new() => table
        .Number<double>(nameof(LstmTrainerOptions.ValidationFraction), "--validation SHARE", $"share of the training rows, {validationRows}, used to choose the best epoch; 0 for the last epoch", OptionTable<TOptions>.Share)
        .Setting(nameof(LstmTrainerOptions.EarlyStopping), "--patience EPOCHS", "stop after so many epochs without a better validation loss, 1 or more; by default never", EarlyStoppingText.Parse, EarlyStoppingText.Print, nullable: true)
        .Setting(nameof(LstmTrainerOptions.Backend), "--backend ENGINE", "the engine that trains: managed, or torch for libtorch", TrainingBackend.Parse, backend => backend.Text)
        .Setting(nameof(LstmTrainerOptions.CheckpointInterval), "--checkpoint-every INTERVAL", "when the checkpoint is written: 1epoch, 500steps, 10minutes", CheckpointInterval.Parse, interval => $"{interval}", shapesModel: false)
        .Number<int>(nameof(LstmTrainerOptions.KeptCheckpoints), "--checkpoints-kept COUNT", "checkpoints that are kept; where the newest is damaged, the one before it is used", OptionTable<TOptions>.From(1, 1000), shapesModel: false)
        .Switch(nameof(LstmTrainerOptions.MeasureTimeSteps), "--measure-time-steps", $"measure what each {step} contributes to the gradient, so that inspect can detect a vanishing one")
        .OptionalNumber<int>(nameof(LstmTrainerOptions.NumberOfThreads), "--threads COUNT", $"training threads; the result of the managed engine does not depend on the number; by default one per processor, but at most one for each 8 {sequences} of a batch", OptionTable<TOptions>.From(1, 1024));
}
