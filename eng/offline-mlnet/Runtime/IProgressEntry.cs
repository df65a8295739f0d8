namespace Microsoft.ML.Runtime;

/// <summary>One state of progress, filled in when somebody asks for it.</summary>
public interface IProgressEntry
{
    void SetProgress(int index, double value);

    void SetProgress(int index, double value, double lim);

    void SetMetric(int index, double value);
}
