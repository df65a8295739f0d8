using MlnetClip.Clipping;
using MlnetClip.Settings;

namespace MlnetClip.Schedules;

/// <summary>What a <see cref="Schedule"/> may be where it is used.</summary>
internal static class ScheduleChecks
{
    /// <summary>Records an error for each value that is illegal for a threshold.</summary>
    public static void CheckThreshold(this Schedule schedule, OptionErrors errors, OptionRange range, bool measured = false)
    {
        if (schedule.IsMeasured)
        {
            if (!measured) errors.Add(range.Option, "cannot be measured: only limits of norms and values can", schedule.ToString());
            return;
        }

        if (schedule.Form is not (ScheduleForm.Constant or ScheduleForm.Linear or ScheduleForm.Cosine or ScheduleForm.Exponential) || schedule.WarmUpSteps > 0)
        {
            errors.Add(range.Option, "must be a number or go from one to another, such as 5..1/1000steps", $"'{schedule}'");
            return;
        }

        errors.CheckSingle(range, schedule.From);
        if (schedule.To != schedule.From && range.Contains(schedule.From)) errors.CheckSingle(range, schedule.To);
    }

    /// <summary>Records an error when the schedule cannot be a factor on the learning rate.</summary>
    public static void CheckFactor(this Schedule schedule, OptionErrors errors, string option)
    {
        if (schedule.IsMeasured) errors.Add(option, "cannot be measured: only thresholds can", $"'{schedule}'");
        else if (!ScheduleRanges.Value.Contains(schedule.From) || !ScheduleRanges.Value.Contains(schedule.To)) errors.Add(option, "must stay at finite factors of 0 or more", $"'{schedule}'");
    }
}
