namespace MlnetClip.Training;

/// <summary>One worker: the caller runs every piece itself, in order.</summary>
internal sealed class SerialWorkers : IWorkers
{
    public static readonly SerialWorkers Instance = new();

    private SerialWorkers()
    {
    }

    public int Count => 1;

    public void Run(int pieces, Action<int, int> piece)
    {
        for (int i = 0; i < pieces; i++) piece(i, 0);
    }
}
