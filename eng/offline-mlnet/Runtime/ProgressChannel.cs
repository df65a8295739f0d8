namespace Microsoft.ML.Runtime;

/// <summary>Progress goes nowhere: in Microsoft.ML, too, an MLContext has no listener for it.</summary>
internal sealed class ProgressChannel : IProgressChannel
{
    public void SetHeader(ProgressHeader header, Action<IProgressEntry> fillAction)
    {
        Contracts.CheckValue(header, nameof(header));
        Contracts.CheckValue(fillAction, nameof(fillAction));
    }

    public void Checkpoint(params double?[] values)
    {
    }

    public IProgressChannel StartProgressChannel(string name) => new ProgressChannel();

    public void Dispose()
    {
    }
}
