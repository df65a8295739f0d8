namespace Microsoft.ML.Runtime;

/// <summary>Marks exceptions with the component that throws them.</summary>
public interface IExceptionContext
{
    string ContextDescription { get; }

    TException Process<TException>(TException ex) where TException : Exception;
}
