using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace MlnetClip.Transforms;

/// <summary>Options that say how rows become sequences.</summary>
internal interface IRowBlockOptions
{
    /// <summary>Throws every error of the options together.</summary>
    void Validate();

    /// <summary>The shape of the output.</summary>
    SchemaShape Output(IExceptionContext context, SchemaShape input);

    /// <summary>What is made of the rows of a schema.</summary>
    BlockPlan Plan(IExceptionContext context, DataViewSchema input);
}
