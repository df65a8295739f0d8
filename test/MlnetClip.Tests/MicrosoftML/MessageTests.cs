using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace MlnetClip.Tests.MicrosoftML;

/// <summary>A message without arguments is no format string: names of columns may contain braces.</summary>
[TestClass]
public sealed class MessageTests
{
    [TestMethod]
    public void BracesInAMessageStayAsTheyAre()
    {
        var messages = new List<string>();
        var context = new MLContext();
        context.Log += (_, message) => messages.Add($"{message.Kind} {message.RawMessage}");
        using (IChannel channel = ((IHostEnvironment)context).Start("Training"))
        {
            channel.Info(MessageSensitivity.Schema, "learning '{0}'");
            channel.Warning(MessageSensitivity.Schema, "100% of '{'");
        }

        CollectionAssert.IsSubsetOf(new[] { "Info learning '{0}'", "Warning 100% of '{'" }, messages);
    }
}
