
namespace MlnetClip.Search.Planning;

/// <summary>
/// Decides which trials come next. A plan has no state: its answer depends on the trials so far alone, so that a study can be
/// resumed by any process at any time.
/// </summary>
public interface IStudyPlan
{
    /// <summary>The next generation, or none when the study is done.</summary>
    /// <param name="trials">All trials, in order of their numbers; all have ended.</param>
    IReadOnlyList<TrialRequest> Next(IReadOnlyList<Trial> trials);
}
