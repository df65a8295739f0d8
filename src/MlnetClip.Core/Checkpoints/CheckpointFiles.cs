using MlnetClip.Training;

namespace MlnetClip.Checkpoints;

/// <summary>
/// The newest checkpoints of a fit: <c>fit.ckpt</c> is the newest, <c>fit.ckpt.1</c> the one before it, and so on. A new file is complete, on disk and readable before any
/// file is renamed, so a failure or a crash costs the newest checkpoint at most.
/// </summary>
/// <param name="path">The path of the newest.</param>
/// <param name="kept">How many are kept, 1 or more.</param>
internal sealed class CheckpointFiles(string path, int kept)
{
    private const int Most = 1000; // as many as can be kept

    /// <summary>Writes the newest; the others become older by one.</summary>
    public void Write(Action<Stream> write) => AtomicFile.Write(path, write, kept == 1 ? null : MakeOlder);

    /// <summary>The files that there are, the newest first. Between two renames the newest may be missing.</summary>
    public static IEnumerable<string> Find(string path)
    {
        string target = AtomicFile.Resolve(path);
        if (File.Exists(target)) yield return target;
        for (int age = 1; age < Most && File.Exists(Older(target, age)); age++) yield return Older(target, age);
    }

    /// <summary>Resumes from the newest file that is not damaged.</summary>
    /// <param name="path">The path of the newest.</param>
    /// <param name="resume">Resumes from one.</param>
    /// <returns>The point at which the fit continues; null where there is no file.</returns>
    /// <exception cref="InvalidDataException">Every file is damaged, or one is of another fit.</exception>
    public static ResumePoint? Resume(string path, Func<Stream, ResumePoint> resume)
    {
        var damaged = new List<string>();
        InvalidDataException? first = null;
        foreach (string file in Find(path))
        {
            try
            {
                using FileStream stream = File.OpenRead(file);
                ResumePoint point = resume(stream);
                return damaged.Count == 0 ? point : point with { Damaged = damaged };
            }
            catch (InvalidDataException error) when (!TrainingCheckpoint.IsOfAnotherFit(error))
            {
                first ??= error;
                damaged.Add($"{file}: {error.Message}");
            }
        }

        return first is null ? null : throw first;
    }

    private static string Older(string target, int age) => FormattableString.Invariant($"{target}.{age}");

    private void MakeOlder(string target)
    {
        if (!File.Exists(target)) return; // killed between two renames: the ages are right as they are
        for (int age = kept - 1; age >= 1; age--)
        {
            string younger = age == 1 ? target : Older(target, age - 1);
            if (File.Exists(younger)) File.Move(younger, Older(target, age), overwrite: true);
        }
    }
}
