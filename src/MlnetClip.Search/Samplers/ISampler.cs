using MlnetClip.Search.Samplers;

namespace MlnetClip;

/// <summary>
/// Says where to look next. A sampler is an immutable value without memory: what it answers follows from the request alone,
/// so a study that was killed goes on as if it had not been, in any process.
/// </summary>
public interface ISampler
{
    /// <summary>The next point, or null when there is none left to ask for.</summary>
    SearchPoint? Sample(SampleRequest request);
}
