namespace MlnetClip.Data;

/// <summary>
/// What a forecaster reads for one forecast, as one vector of doubles in the data's unit, and how it becomes the input of the network.
/// The vector is channel by channel, each oldest first: the targets of <see cref="History"/> rows, the past covariates of
/// <see cref="WindowSize"/> rows, the future covariates and the calendar of <see cref="WindowSize"/> + <see cref="FutureRows"/> rows, the
/// static covariates, and the number of the series where there are several.
/// </summary>
/// <param name="WindowSize">W: rows that the network reads, at least 1.</param>
/// <param name="Horizon">H: rows to forecast, at least 1.</param>
/// <param name="Targets">K: target channels, at least 1.</param>
/// <param name="Past">Channels of past covariates.</param>
/// <param name="Future">Channels of future covariates.</param>
/// <param name="Calendar">Calendar channels.</param>
/// <param name="Static">Channels of static covariates.</param>
/// <param name="Grouped">Whether there are several series.</param>
/// <param name="Lag">Rows before the window that the scaling needs, 0 or more.</param>
internal sealed record WindowLayout(int WindowSize, int Horizon, int Targets = 1, int Past = 0, int Future = 0, int Calendar = 0, int Static = 0, bool Grouped = false, int Lag = 0)
{
    /// <summary>Rows of a target: the window and what the scaling needs before it.</summary>
    public int History => WindowSize + Lag;

    /// <summary>
    /// Whether the network reads the rows of the horizon too, for their future covariates: then it has an output at each of them.
    /// Otherwise the last row of the window has the outputs of all steps.
    /// </summary>
    public bool ReadsHorizon => Future > 0;

    /// <summary>Rows after the window whose future covariates and calendar are read.</summary>
    public int FutureRows => ReadsHorizon ? Horizon : 0;

    /// <summary>T: time steps of the network.</summary>
    public int TimeSteps => WindowSize + FutureRows;

    /// <summary>F: inputs of a time step. With <see cref="ReadsHorizon"/> the last one is 1 in the horizon and 0 in the window.</summary>
    public int Features => Targets + Past + Future + Calendar + Static + (ReadsHorizon ? 1 : 0);

    /// <summary>Values of the vector.</summary>
    public long Length => ((long)Targets * History) + ((long)Past * WindowSize) + ((long)(Future + Calendar) * TimeSteps) + Static + (Grouped ? 1 : 0);

    /// <summary>Where the channel of a target begins.</summary>
    public int TargetAt(int k) => k * History;

    /// <summary>Where the channel of a past covariate begins.</summary>
    public int PastAt(int i) => (Targets * History) + (i * WindowSize);

    /// <summary>Where the channel of a future covariate begins.</summary>
    public int FutureAt(int i) => PastAt(Past) + (i * TimeSteps);

    /// <summary>Where a calendar channel begins.</summary>
    public int CalendarAt(int i) => FutureAt(Future) + (i * TimeSteps);

    /// <summary>Where the static covariates begin.</summary>
    public int StaticAt => CalendarAt(Calendar);

    /// <summary>Where the number of the series is: NaN for one that was not seen in training.</summary>
    public int GroupAt => StaticAt + Static;

    /// <summary>The same window for a single step, which a recursive forecaster repeats.</summary>
    public WindowLayout OneStep => this with { Horizon = 1 };

    /// <summary>The rows and channels in words, for errors.</summary>
    public override string ToString() =>
        $"{History} rows of {Targets} target, {Past} past, {Future} future and {Static} static covariate channels and {Calendar} calendar channels";
}
