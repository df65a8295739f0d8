
namespace MlnetClip.Search.Planning;

/// <summary>
/// Decides which trials come next. A plan has no state: its answer depends only on the trials so far, so that any process can
/// resume a study at any time.
/// </summary>
public interface IStudyPlan
{
    /// <summary>The next generation; empty when the study is finished.</summary>
    /// <param name="trials">All trials, in order of their numbers; all are finished.</param>
    IReadOnlyList<TrialRequest> Next(IReadOnlyList<Trial> trials);
}
