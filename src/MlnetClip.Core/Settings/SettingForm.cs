namespace MlnetClip.Settings;

/// <summary>One legal text form: its name, how to write it, and what it creates.</summary>
/// <param name="Name">The word before the colon.</param>
/// <param name="Usage">The form with its arguments in capitals, for error messages.</param>
/// <param name="Create">Creates the setting from its arguments.</param>
/// <param name="Details">What the capitals mean, if that needs an explanation; appended to error messages about this form.</param>
internal sealed record SettingForm<T>(string Name, string Usage, Func<SettingArguments, T> Create, string Details = "");
