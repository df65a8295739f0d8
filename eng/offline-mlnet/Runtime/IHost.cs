namespace Microsoft.ML.Runtime;

/// <summary>An environment for one component, with a random number generator of its own.</summary>
public interface IHost : IHostEnvironment
{
    Random Rand { get; }
}
