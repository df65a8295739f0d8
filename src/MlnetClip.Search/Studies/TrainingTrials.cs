using Microsoft.ML;
using MlnetClip.Search.Planning;
using MlnetClip.Search.Running;

namespace MlnetClip.Search.Studies;

/// <summary>Runs trials: creates the pipeline of a point, fits it with the trial's seed and computes its loss.</summary>
internal sealed class TrainingTrials(ClippingStudyOptions options, int seed, IDataView train, IDataView? validation)
{
    // The number of consecutive steps that the calibration fit may skip before it counts as diverged.
    private const int SkippedSteps = 10;

    private static readonly GradientClipping Probing = GradientClipping.ByGlobalNorm(1);

    private readonly ClippingSpace _space = options.Space;
    private FitDescription? _probed;

    /// <summary>Checks that the pipeline can be studied, and describes its first fit. Takes no training step.</summary>
    /// <exception cref="InvalidOperationException">It cannot be studied; the message says why.</exception>
    public FitDescription Probe()
    {
        if (options.Metric is not null && validation is null)
            throw new InvalidOperationException($"{nameof(ClippingStudyOptions)}.{nameof(ClippingStudyOptions.Metric)} needs validation data, but Run got none.");
        _probed = PipelineProbe.Of(probe => Fit(new TrialSettings(Probing, null, null), new FitScope { Seed = seed, NumberOfThreads = Threads, Observer = probe }))
            ?? throw new InvalidOperationException("The pipeline has no trainer of MlnetClip, so there is no gradient to clip.");
        if (_probed.CheckpointPath is { } checkpoint)
        {
            throw new InvalidOperationException(
                $"The pipeline's trainer has the CheckpointPath '{checkpoint}', from which every trial would resume the fit of another setting.{Environment.NewLine}"
                + $"Hint: remove CheckpointPath; {nameof(ClippingStudyOptions)}.{nameof(ClippingStudyOptions.StoragePath)} keeps the study.");
        }

        if (_probed.Options.TryGetValue(nameof(LstmForecastingTrainer.Options.LinearPart), out string? use) && use == nameof(LinearPartUse.Compare))
        {
            throw new InvalidOperationException(
                $"The pipeline's trainer has LinearPart {use}, which trains two networks whose losses cannot be compared in a trial.{Environment.NewLine}"
                + $"Hint: set LinearPart to {LinearPartUse.None} or {LinearPartUse.Always}, so that every trial trains the same kind of network.");
        }

        if (options.Metric is null && !_probed.HasValidation)
        {
            throw new InvalidOperationException(
                $"The pipeline trains without validation, so there is no loss to compare.{Environment.NewLine}Hint: pass validation data to Run, "
                + "or let the trainer hold some out (ValidationFraction above 0).");
        }

        return _probed;
    }

    /// <summary>Fits and measures one trial.</summary>
    public TrialOutcome Run(TrialContext trial)
    {
        var figures = new FitFigures(trial);
        bool calibrates = trial.Trial.Stage == TrialStage.Calibrate;
        var scope = new FitScope
        {
            Seed = SeedOf(trial.Trial.Seed),
            NumberOfThreads = Threads,
            NonFinite = calibrates ? NonFinitePolicy.SkipStep(SkippedSteps) : null,
            MeasureTimeSteps = calibrates,
            Observer = FitObservers.Of(calibrates ? new ClippingCheck(_probed!) : null, figures),
        };
        try
        {
            return new TrialOutcome(Loss(Fit(_space.SettingsAt(trial.Trial.Point), scope), figures));
        }
        catch (OperationCanceledException) when (figures.Pruned)
        {
            return new TrialOutcome(double.NaN, Pruned: true);
        }
        finally
        {
            figures.Keep();
        }
    }

    /// <summary>Fits the pipeline with the study's first seed.</summary>
    public ITransformer Refit(TrialSettings settings, IFitObserver observer) => Fit(settings, new FitScope { Seed = seed, Observer = observer });

    private int? Threads => options.Workers == 1 ? null : Math.Max(1, Environment.ProcessorCount / options.Workers);

    private int SeedOf(int number) => unchecked(seed + number);

    private ITransformer Fit(TrialSettings settings, FitScope scope)
    {
        IEstimator<ITransformer> pipeline = options.Make(settings);
        if (validation is not null && options.Metric is null && pipeline is not IValidatedEstimator)
        {
            throw new InvalidOperationException(
                $"The pipeline is a chain, which cannot pass validation data to its trainer.{Environment.NewLine}Hint: set "
                + $"{nameof(ClippingStudyOptions)}.{nameof(ClippingStudyOptions.Metric)}, or pass no validation data to Run, so that the trainer holds out its own.");
        }

        using (scope.Enter())
            return validation is not null && pipeline is IValidatedEstimator validated ? validated.Fit(train, validation) : pipeline.Fit(train);
    }

    private double Loss(ITransformer model, FitFigures figures)
    {
        if (options.Metric is not { } metric) return figures.ValidationLoss ?? throw new InvalidOperationException("The last fit of the pipeline had no validation, so there is no loss to compare.");
        double value = metric(model.Transform(validation!));
        return double.IsFinite(value) ? value : throw new TrialFailedException(FailureKind.Metric, FormattableString.Invariant($"The metric of the fitted pipeline was {value}."));
    }
}
