
namespace MlnetClip;

/// <summary>A worker's right to run a trial and to write its result.</summary>
/// <param name="Trial">The trial, <see cref="TrialState.Running"/>; its <see cref="Trial.Attempt"/> distinguishes this claim from later ones.</param>
/// <param name="Owner">A description of the worker that holds the claim.</param>
public sealed record TrialClaim(Trial Trial, string Owner);
