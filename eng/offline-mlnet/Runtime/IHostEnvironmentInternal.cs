namespace Microsoft.ML.Runtime;

/// <summary>What the environment tells only those inside: the seed it was made with.</summary>
internal interface IHostEnvironmentInternal : IHostEnvironment
{
    int? Seed { get; }
}

/// <summary>Work that can be stopped from outside.</summary>
internal interface ICancelable
{
    bool IsCanceled { get; }

    void CancelExecution();
}
