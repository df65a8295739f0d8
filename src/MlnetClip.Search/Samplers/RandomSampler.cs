using MlnetClip.Data;
using MlnetClip.Search.Samplers;

namespace MlnetClip;

/// <summary>Draws each point independently and uniformly from the space (Bergstra and Bengio, 2012).</summary>
public sealed record RandomSampler : ISampler
{
    /// <inheritdoc/>
    public SearchPoint? Sample(SampleRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        SeededRandom random = request.CreateRandom();
        return request.Space.FromUnits(_ => random.NextDouble());
    }

    /// <summary>The text form.</summary>
    public override string ToString() => "random";
}
