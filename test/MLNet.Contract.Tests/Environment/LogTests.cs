using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace MLNet.Contract.Tests.Environment;

[TestClass]
public sealed class LogTests
{
    private readonly MLContext _ml = new();
    private readonly List<LoggingEventArgs> _log = [];

    public LogTests() => _ml.Log += (_, message) => _log.Add(message);

    private IHostEnvironment Env => _ml;

    [TestMethod]
    public void A_message_names_its_host_and_channel_its_kind_and_its_text()
    {
        using (IChannel channel = Env.Register("Trainer").Start("Training"))
            channel.Info(MessageSensitivity.None, "half way");

        LoggingEventArgs info = _log.Single(m => m.Kind == ChannelMessageKind.Info);
        Assert.AreEqual("Trainer; Training", info.Source);
        Assert.AreEqual("half way", info.RawMessage);
        Assert.AreEqual("[Source=Trainer; Training, Kind=Info] half way", info.Message);
    }

    [TestMethod]
    public void Every_kind_arrives_as_itself()
    {
        using IChannel channel = Env.Start("c");
        channel.Trace(MessageSensitivity.None, "t");
        channel.Info(MessageSensitivity.None, "i");
        channel.Warning(MessageSensitivity.None, "w");
        channel.Error(MessageSensitivity.None, "e");

        CollectionAssert.AreEqual(
            new[] { "Trace Channel started", "Trace t", "Info i", "Warning w", "Error e" },
            _log.Select(m => $"{m.Kind} {m.RawMessage}").ToArray());
    }

    [TestMethod]
    public void A_text_alone_is_no_format_and_a_text_with_arguments_is()
    {
        using IChannel channel = Env.Start("c");
        channel.Warning(MessageSensitivity.None, "{0}%");
        channel.Warning(MessageSensitivity.None, "{0} of {1}", 3, "ten");

        CollectionAssert.AreEqual(new[] { "{0}%", "3 of ten" }, Texts(ChannelMessageKind.Warning));
    }

    [TestMethod]
    public void A_channel_traces_its_own_life_once()
    {
        IChannel channel = Env.Start("c");
        channel.Dispose();
        channel.Dispose();

        string[] traces = Texts(ChannelMessageKind.Trace);
        Assert.HasCount(3, traces);
        Assert.AreEqual("Channel started", traces[0]);
        Assert.StartsWith("Channel finished. Elapsed ", traces[1]);
        Assert.AreEqual("Channel disposed", traces[2]);
    }

    [TestMethod]
    public void A_host_within_a_host_is_named_after_the_one_before_its_parent()
    {
        IHost a = Env.Register("A"), b = a.Register("B"), c = b.Register("C");
        foreach (IChannelProvider provider in new IChannelProvider[] { Env, a, b, c })
            provider.Start("x").Dispose();

        CollectionAssert.AreEqual(new[] { "x", "A; x", "B; x", "A; C; x" }, _log.Select(m => m.Source).Distinct().ToArray());
    }

    [TestMethod]
    public void The_sender_is_the_context()
    {
        object? sender = null;
        _ml.Log += (s, _) => sender = s;
        Env.Start("c").Dispose();
        Assert.AreSame(_ml, sender);
    }

    [TestMethod]
    public void An_empty_message_is_refused()
    {
        using IChannel channel = Env.Start("c");
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => channel.Info(MessageSensitivity.None, ""));
    }

    [TestMethod]
    public void Without_a_listener_nothing_happens() => ((IHostEnvironment)new MLContext()).Start("c").Info(MessageSensitivity.None, "unheard");

    [TestMethod]
    public void Event_arguments_of_a_text_alone_have_only_it()
    {
        var message = new LoggingEventArgs("text");
        Assert.AreEqual("text", message.Message);
        Assert.IsNull(message.RawMessage);
        Assert.IsNull(message.Source);
    }

    private string[] Texts(ChannelMessageKind kind) => [.. _log.Where(m => m.Kind == kind).Select(m => m.RawMessage)];
}
