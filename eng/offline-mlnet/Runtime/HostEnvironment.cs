namespace Microsoft.ML.Runtime;

/// <summary>The environment behind an MLContext, and every host registered from it.</summary>
internal sealed class HostEnvironment : IHost, IHostEnvironmentInternal, ICancelable
{
    private readonly HostEnvironment _parent;
    private readonly string _fullName;
    private readonly string _shortName;
    private readonly Action<string, ChannelMessage> _listener;
    private readonly List<WeakReference<HostEnvironment>> _children = [];
    private volatile bool _canceled;

    public HostEnvironment(int? seed, Action<string, ChannelMessage> listener)
    {
        Seed = seed;
        Rand = seed is int value ? new Random(value) : new Random();
        ComponentCatalog = new ComponentCatalog();
        _listener = listener;
    }

    private HostEnvironment(HostEnvironment parent, string name, int? seed)
    {
        _parent = parent;
        _listener = parent._listener;
        _canceled = parent._canceled;
        _shortName = name;
        // A host is named after its grandparent, not its parent: so it is in Microsoft.ML.
        _fullName = parent._parent?._fullName is string prefix ? $"{prefix}; {name}" : name;
        Seed = parent.Seed;
        Rand = new Random(seed ?? parent.Rand.Next());
        ComponentCatalog = parent.ComponentCatalog;
    }

    public int? Seed { get; }

    public Random Rand { get; }

    public ComponentCatalog ComponentCatalog { get; }

    public bool IsCanceled => _canceled;

    public string ContextDescription => _parent is null ? "HostEnvironment" : _fullName;

    public IHost Register(string name, int? seed = null, bool? verbose = null)
    {
        Contracts.CheckNonEmpty(name, nameof(name));
        lock (_children)
        {
            var host = new HostEnvironment(this, name, seed);
            _children.RemoveAll(c => !c.TryGetTarget(out _));
            _children.Add(new(host));
            return host;
        }
    }

    public void CancelExecution()
    {
        lock (_children)
        {
            foreach (WeakReference<HostEnvironment> child in _children)
            {
                if (child.TryGetTarget(out HostEnvironment host))
                    host.CancelExecution();
            }

            _children.Clear();
            _canceled = true;
        }
    }

    public IChannel Start(string name) => new Channel(this, _fullName is null ? name : $"{_fullName}; {name}", _listener);

    public IPipe<TMessage> StartPipe<TMessage>(string name) =>
        throw Unsupported.Member("IChannelProvider.StartPipe");

    public IProgressChannel StartProgressChannel(string name)
    {
        Contracts.CheckNonEmpty(name, nameof(name));
        return new ProgressChannel();
    }

    public TException Process<TException>(TException ex) where TException : Exception
    {
        if (ex is null)
            return null;
        ex.Data["Throwing component"] = _parent is null ? "Environment" : _shortName;
        return Contracts.Mark(ex);
    }
}
