
namespace MlnetClip.Search.Planning;

/// <summary>
/// Says which trials come next. A plan has no memory: its answer follows from the trials so far, so that a study can be
/// resumed by any process at any time.
/// </summary>
public interface IStudyPlan
{
    /// <summary>The next generation, or none when the study is done.</summary>
    /// <param name="trials">All trials, in order of their numbers; all have ended.</param>
    IReadOnlyList<TrialRequest> Next(IReadOnlyList<Trial> trials);
}
