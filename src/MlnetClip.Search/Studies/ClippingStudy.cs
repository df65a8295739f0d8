using System.Runtime.ExceptionServices;
using Microsoft.ML;
using MlnetClip.Search.Conclusions;
using MlnetClip.Search.Planning;
using MlnetClip.Search.Running;
using MlnetClip.Search.Studies;

namespace MlnetClip;

/// <summary>
/// Finds how to clip the gradients of a pipeline. It fits the pipeline once without clipping and measures the gradient's norm, explores
/// thresholds around it with one seed and stops the bad ones early, tries the best with more seeds, and draws a conclusion. Create it with
/// <see cref="ClippingStudyExtensions.CreateClippingStudy"/>.
/// </summary>
/// <remarks>
/// The same options, seed and data give the same result, for any number of workers and also if the study was stopped in between;
/// time budgets are the exception. The losses of the trials are validation losses, so that of the best trial is somewhat
/// too optimistic: evaluate the model on data that the study has not used.
/// </remarks>
public sealed class ClippingStudy
{
    // A trial during which the study is killed again and again is given up only after several attempts.
    private const int MaxAttempts = 10;

    private readonly MLContext _mlContext;
    private readonly int _seed;
    private ClippingStudyOptions _options;
    private Func<int, bool> _cancelTrial = _ => false;

    internal ClippingStudy(MLContext mlContext, ClippingStudyOptions options, int seed)
    {
        options.Validate();
        (_mlContext, _options, _seed) = (mlContext, options, seed);
    }

    /// <summary>Sets <see cref="StudyBudget.MaxModelToExplore"/>, the largest number of trials.</summary>
    /// <exception cref="ArgumentException">It is below 2.</exception>
    public ClippingStudy SetMaxModelToExplore(int maxModelToExplore) =>
        Set(_options with { Budget = _options.Budget with { MaxModelToExplore = maxModelToExplore } });

    /// <summary>Sets <see cref="StudyBudget.TrainingTimeInSeconds"/>.</summary>
    /// <exception cref="ArgumentException">It is not above 0.</exception>
    public ClippingStudy SetTrainingTimeInSeconds(double trainingTimeInSeconds) =>
        Set(_options with { Budget = _options.Budget with { TrainingTimeInSeconds = trainingTimeInSeconds } });

    /// <summary>Sets <see cref="ClippingStudyOptions.Monitor"/>.</summary>
    public ClippingStudy SetMonitor(IStudyMonitor monitor) => Set(_options with { Monitor = monitor });

    /// <summary>Runs the study, or resumes the one in the store.</summary>
    /// <param name="train">The training data.</param>
    /// <param name="validation">The validation data; null to let the trainer hold out rows of the training data.</param>
    /// <exception cref="InvalidDataException">The store holds a study of other settings or data, or the file is not a study.</exception>
    /// <exception cref="InvalidOperationException">
    /// The pipeline cannot be studied: it has no trainer of MlnetClip, ignores its clipping, has a checkpoint or no validation; or the monitor threw.
    /// </exception>
    /// <remarks>
    /// Before the first trial, a fit is started and ended before its first step, to read the trainer's options and data. An exception of the pipeline in
    /// the fit without clipping is rethrown, because every trial would fail in the same way.
    /// </remarks>
    public ClippingStudyResult Run(IDataView train, IDataView? validation = null) => RunAsync(train, validation).GetAwaiter().GetResult();

    /// <inheritdoc cref="Run"/>
    /// <param name="train">The training data.</param>
    /// <param name="validation">The validation data; null to let the trainer hold out rows of the training data.</param>
    /// <param name="cancellationToken">Stops the study; a study in a file can be resumed.</param>
    /// <exception cref="OperationCanceledException">The study was stopped.</exception>
    public async Task<ClippingStudyResult> RunAsync(IDataView train, IDataView? validation = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(train);
        long start = _options.Clock.GetTimestamp();
        using IStudyStore? own = _options.Store is null ? CreateStore() : null;
        IStudyStore store = _options.Store ?? own!;
        var fits = new TrainingTrials(_options, _seed, train, validation);
        FitDescription first = await Task.Run(fits.Probe, cancellationToken).ConfigureAwait(false);
        if (first.Epochs == 0)
            throw new ArgumentException($"A study must train for 1 epoch or more, but {nameof(LstmTrainerOptions.NumberOfEpochs)} was 0: without a training step there is no gradient to clip.");
        string identity = StudyIdentity.Of(_options, _seed, first, train, validation);
        StudyIdentity.Check(store.Note(StudyIdentity.Key, identity), identity, _options.StoragePath);
        IReadOnlyList<Trial> stored = store.GetTrials();
        StoredTrials.Check(stored, _options);
        int resumed = stored.Count(trial => trial.Finished);

        using var log = new StudyLog(_mlContext, _options.Space, _options.Monitor);
        bool timeIsUp = await RunTrialsAsync(store, fits, log, start, cancellationToken).ConfigureAwait(false);
        ClippingStudyResult found = Conclude(store.GetTrials(), timeIsUp) with { Resumed = resumed };
        log.Info($"The study is {(timeIsUp ? "out of time" : "done")}: {found.VerdictText}; recommended is {found.Recommendation?.ToString() ?? "nothing"}.");

        if (found.ModelSettings is { } settings)
        {
            var last = new LastFit(cancellationToken);
            ITransformer model = await Task.Run(() => fits.Refit(settings, last), cancellationToken).ConfigureAwait(false);
            found = found with { BestModel = model, Steps = found.Steps + last.Steps };
        }

        return found with { Seconds = _options.Clock.GetElapsedTime(start).TotalSeconds };
    }

    /// <summary>Cancels one trial that runs in this process; the study continues.</summary>
    /// <returns>False when the trial does not run in this process now.</returns>
    public bool CancelTrial(int number) => _cancelTrial(number);

    private IStudyStore CreateStore() => _options.StoragePath is { } path ? new SqliteStudyStore(path) : new InMemoryStudyStore();

    private ClippingStudy Set(ClippingStudyOptions options)
    {
        options.Validate();
        _options = options;
        return this;
    }

    /// <summary>Runs the trials; returns whether the time ran out before they were finished.</summary>
    private async Task<bool> RunTrialsAsync(IStudyStore store, TrainingTrials fits, StudyLog log, long start, CancellationToken cancellationToken)
    {
        TimeSpan? time = _options.Budget.TrainingTimeInSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null;
        var plan = new ClippingPlan(new ClippingPlanOptions
        {
            Space = _options.Space,
            Trials = _options.Budget.MaxModelToExplore,
            WholeFits = _options.Budget.WholeFits,
            Seeds = _options.Seeds,
            GenerationSize = _options.GenerationSize,
            Sampler = _options.Sampler,
            Seed = unchecked((ulong)_seed),
            TimeIsUp = () => _options.Clock.GetElapsedTime(start) * 2 > time,
        });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        ExceptionDispatchInfo? hopeless = null;
        TrialOutcome Run(TrialContext trial)
        {
            try
            {
                return fits.Run(trial);
            }
            catch (Exception error) when (trial.Trial.Stage == TrialStage.Calibrate && error is not (OperationCanceledException or TrainingDivergedException or TrialFailedException))
            {
                // A failure without clipping would also occur with it. Users can fix it and run the study again, which has no trials yet.
                hopeless = ExceptionDispatchInfo.Capture(error);
                stop.Cancel();
                throw new OperationCanceledException(stop.Token);
            }
        }

        var options = new StudyRunnerOptions
        {
            Workers = _options.Workers,
            Pruner = _options.Pruner,
            Lease = _options.Lease,
            MaxAttempts = MaxAttempts,
            TrialTimeout = _options.Budget.TrialTimeInSeconds is { } limit ? TimeSpan.FromSeconds(limit) : null,
            Clock = _options.Clock,
        };
        using var runner = new StudyRunner(store, plan, Run, options, log);
        _cancelTrial = runner.CancelTrial;
        using var done = new CancellationTokenSource();
        Task timer = time is { } allowed ? StopAfterAsync(allowed, stop, done.Token) : Task.CompletedTask;
        try
        {
            await runner.RunAsync(stop.Token).ConfigureAwait(false);
            return false;
        }
        catch (OperationCanceledException)
        {
            hopeless?.Throw();
            cancellationToken.ThrowIfCancellationRequested();
            return true;
        }
        finally
        {
            _cancelTrial = _ => false;
            await done.CancelAsync().ConfigureAwait(false);
            await timer.ConfigureAwait(false);
        }
    }

    private async Task StopAfterAsync(TimeSpan time, CancellationTokenSource stop, CancellationToken done)
    {
        try
        {
            await LongDelay.For(time, _options.Clock, done).ConfigureAwait(false);
            await stop.CancelAsync().ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The trials finished before the time ran out.
        }
    }

    private ClippingStudyResult Conclude(IReadOnlyList<Trial> trials, bool timeIsUp)
    {
        ClippingSpace space = _options.Space;
        IReadOnlyList<CurvePoint> curve = ClippingCurve.Of(trials, space);
        UnclippedFit? unclipped = ClippingPlan.UnclippedFitOf(trials);
        StudyConclusion conclusion = Concluder.Conclude(curve, unclipped?.Vanishing ?? false, timeIsUp);
        TrialSettings? Settings(CurvePoint? point) => point is null ? null : space.SettingsAt(point.Point);
        return new ClippingStudyResult
        {
            Conclusion = conclusion,
            RecommendedSettings = Settings(conclusion.Recommended),
            ModelSettings = Settings(conclusion.Recommended ?? conclusion.Best),
            Curve = curve,
            Trials = trials,
            Unclipped = unclipped,
            BestModel = null,
            Resumed = 0,
            Steps = (long)trials.Sum(trial => trial.Measure(TrialMeasures.Steps) ?? 0),
            Seconds = 0,
        };
    }
}
