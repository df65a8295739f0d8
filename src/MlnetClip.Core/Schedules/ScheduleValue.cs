namespace MlnetClip.Schedules;

/// <summary>The value of a <see cref="Schedule"/> at a step.</summary>
internal static class ScheduleValue
{
    /// <summary>The value at a step; for a measured schedule, the multiple of the mean; for one that reduces on a plateau, the value before any reduction.</summary>
    /// <param name="schedule">The schedule.</param>
    /// <param name="step">The step, from 0.</param>
    /// <param name="epoch">The epoch, from 0.</param>
    /// <param name="totalSteps">The number of steps of the whole fit.</param>
    public static double At(Schedule schedule, long step, int epoch, long totalSteps)
    {
        (float from, float to) = (schedule.From, schedule.To);
        double value = schedule.Form switch
        {
            ScheduleForm.Unchanged => 1,
            ScheduleForm.Linear => from + (Done(schedule, step, epoch) * ((double)to - from)),
            ScheduleForm.Cosine => to + (((double)from - to) * (1 + Math.Cos(Math.PI * Done(schedule, step, epoch))) / 2),
            ScheduleForm.CosineToEnd => to + ((1 - to) * 0.5 * (1 + Math.Cos(Math.PI * Math.Min(step, totalSteps) / Math.Max(totalSteps, 1)))),
            ScheduleForm.StepDecay or ScheduleForm.Decay => Math.Pow(to, epoch / schedule.Length),
            ScheduleForm.Exponential => from * Math.Pow((double)to / from, Done(schedule, step, epoch)),
            ScheduleForm.Restarts => Cycle(schedule, step, epoch),
            ScheduleForm.OneCycle => OneCycle(schedule, step, totalSteps),
            ScheduleForm.Plateau => 1,
            _ => from,
        };
        return step < schedule.WarmUpSteps ? value * (step + 1) / schedule.WarmUpSteps : value;
    }

    /// <summary>The factor that a schedule by the validation loss has after the given epochs; 1 for other schedules.</summary>
    public static double AfterPlateaus(this Schedule schedule, IReadOnlyList<EpochReport> history)
    {
        if (schedule.Form != ScheduleForm.Plateau) return 1;
        double best = double.PositiveInfinity, factor = 1;
        int without = 0;
        foreach (EpochReport epoch in history)
        {
            if (epoch.ValidationLoss is { } loss && loss < best - schedule.MinDelta) (best, without) = (loss, 0);
            else if (++without == schedule.Length) (factor, without) = (factor * schedule.To, 0);
        }

        return Math.Max(factor, schedule.From);
    }

    private static double Cycle(Schedule schedule, long step, int epoch)
    {
        long at = schedule.ByEpoch ? epoch : step, length = schedule.Length;
        while (at >= length)
        {
            at -= schedule.Multiply == 1 ? at / length * length : length;
            length *= schedule.Multiply;
        }

        return schedule.To + ((1 - schedule.To) * (1 + Math.Cos(Math.PI * at / length)) / 2);
    }

    /// <summary>As PyTorch: the last step of the rise is at rise * total - 1, the last step of all at total - 1.</summary>
    private static double OneCycle(Schedule schedule, long step, long totalSteps)
    {
        double peak = ((double)schedule.Rise * totalSteps) - 1, last = totalSteps - 1;
        (double from, double to, double done) = step <= peak
            ? (schedule.From, 1.0, peak > 0 ? step / peak : 1)
            : (1.0, (double)schedule.To, Math.Min(1, (step - peak) / (last - peak)));
        return to + ((from - to) * (1 + Math.Cos(Math.PI * done)) / 2);
    }

    private static double Done(Schedule schedule, long step, int epoch) => Math.Min(1, (double)(schedule.ByEpoch ? epoch : step) / schedule.Length);
}
