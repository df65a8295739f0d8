using System.Collections.Concurrent;

namespace MlnetClip.Scoring;

/// <summary>
/// Free objects that predict with one model, so that predictions do not allocate their memory again. The pool grows to the largest number
/// that was in use at the same time.
/// </summary>
/// <param name="create">Creates an object.</param>
internal sealed class Pool<T>(Func<T> create)
    where T : class
{
    private readonly ConcurrentBag<T> _free = [];

    /// <summary>An object for the caller alone.</summary>
    public T Rent() => _free.TryTake(out T? free) ? free : create();

    /// <summary>Returns an object; the caller must not use it afterwards.</summary>
    public void Return(T used) => _free.Add(used);
}
