using Microsoft.ML;
using MlnetClip.Search.Planning;
using MlnetClip.Search.Running;
using MlnetClip.Search.Spaces;
using MlnetClip.Search.Trials;

namespace MlnetClip.Search.Studies;

/// <summary>Runs trials: makes the pipeline of a point, fits it with the trial's seed and measures its loss.</summary>
internal sealed class TrainingTrials(ClippingStudyOptions options, int seed, IDataView train, IDataView? validation)
{
    // Steps in a row that the calibrating fit may leave out before its explosion is certain.
    private const int SkippedSteps = 10;

    private readonly ClippingSpace _space = options.Space;

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
            Observer = figures,
        };
        try
        {
            return new TrialOutcome(Loss(Fit(SettingsAt(trial.Trial.Point), scope), figures));
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

    /// <summary>What a point asks of the pipeline.</summary>
    public TrialSettings SettingsAt(SearchPoint point) => new(
        _space.ClippingAt(point),
        (float?)point.Find(ClippingSpace.LearningRate)?.Number,
        point.Find(ClippingSpace.BatchSize) is { } size ? options.BatchSizes[(int)size.Number] : null);

    private int? Threads => options.Workers == 1 ? null : Math.Max(1, Environment.ProcessorCount / options.Workers);

    private int SeedOf(int number) => unchecked(seed + number);

    private ITransformer Fit(TrialSettings settings, FitScope scope)
    {
        IEstimator<ITransformer> pipeline = options.Make(settings);
        if (validation is not null && options.Metric is null && pipeline is not IValidatedEstimator)
        {
            throw new InvalidOperationException(
                $"The pipeline is a chain, which cannot hand validation data to its trainer.{Environment.NewLine}Hint: set "
                + $"{nameof(ClippingStudyOptions)}.{nameof(ClippingStudyOptions.Metric)}, or give Run no validation data so that the trainer holds out its own.");
        }

        using (scope.Enter())
            return validation is not null && pipeline is IValidatedEstimator validated ? validated.Fit(train, validation) : pipeline.Fit(train);
    }

    private double Loss(ITransformer model, FitFigures figures)
    {
        if (!figures.Seen)
            throw new InvalidOperationException("The pipeline fits no estimator of MlnetClip, so there is no gradient to clip.");
        if (options.Metric is { } metric)
        {
            return metric(model.Transform(validation ?? throw new InvalidOperationException(
                $"{nameof(ClippingStudyOptions)}.{nameof(ClippingStudyOptions.Metric)} needs validation data, but Run was given none.")));
        }

        return figures.ValidationLoss ?? throw new InvalidOperationException(
            $"The pipeline trains without validation, so there is no loss to compare.{Environment.NewLine}Hint: give Run validation data, "
            + "or let the trainer hold some out (ValidationFraction above 0).");
    }
}
