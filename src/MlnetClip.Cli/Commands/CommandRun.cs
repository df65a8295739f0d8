using System.CommandLine;
using System.Diagnostics;
using Microsoft.ML;
using MlnetClip.Cli.Models;

namespace MlnetClip.Cli.Commands;

/// <summary>A run of a command on a model.</summary>
/// <param name="Arguments">The user's arguments.</param>
/// <param name="MlContext">The context that the model was loaded with.</param>
/// <param name="Target">The file to write; null for standard output.</param>
/// <param name="Json">Whether the result is JSON.</param>
/// <param name="Watch">The time since the command began.</param>
/// <param name="Cancellation">Ends it.</param>
internal sealed record CommandRun(ParseResult Arguments, MLContext MlContext, FileTarget? Target, bool Json, Stopwatch Watch, CancellationToken Cancellation);
