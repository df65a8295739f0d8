using MlnetClip.Search.Samplers;

namespace MlnetClip;

/// <summary>
/// Chooses the next point to try. A sampler is an immutable value without state: its answer depends on the request alone,
/// so a study that was killed resumes as if it had not been, in any process.
/// </summary>
public interface ISampler
{
    /// <summary>The next point, or null when there is none left to ask for.</summary>
    SearchPoint? Sample(SampleRequest request);
}
