namespace ServePredictions;

/// <summary>The body of a request: the mean CO2 of the next week in ppm, null where it was not measured.</summary>
public sealed record Measurement(float? Co2);
