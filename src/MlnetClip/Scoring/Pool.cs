using System.Collections.Concurrent;

namespace MlnetClip.Scoring;

/// <summary>
/// Free objects that predict with one model, so that a prediction need not allocate their memory again. It holds as many as
/// were ever in use at a time.
/// </summary>
/// <param name="create">Makes one more.</param>
internal sealed class Pool<T>(Func<T> create)
    where T : class
{
    private readonly ConcurrentBag<T> _free = [];

    /// <summary>An object for the caller alone.</summary>
    public T Rent() => _free.TryTake(out T? free) ? free : create();

    /// <summary>Gives an object back; the caller does not use it any more.</summary>
    public void Return(T used) => _free.Add(used);
}
