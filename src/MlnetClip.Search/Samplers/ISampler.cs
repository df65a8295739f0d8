using MlnetClip.Search.Samplers;

namespace MlnetClip;

/// <summary>
/// Chooses the next point to try. A sampler is an immutable value without state: its answer depends only on the request,
/// so a killed study can be resumed in any process with the same result.
/// </summary>
public interface ISampler
{
    /// <summary>The next point, or null when there is none left.</summary>
    SearchPoint? Sample(SampleRequest request);
}
