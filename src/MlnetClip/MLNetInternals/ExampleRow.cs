using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace MlnetClip.MLNetInternals;

/// <summary>A row whose values are those of an object of a user's class, as in a <see cref="PredictionEngine{TSrc, TDst}"/>.</summary>
/// <typeparam name="T">The class.</typeparam>
internal sealed class ExampleRow<T>(IHostEnvironment environment, SchemaDefinition? definition)
    where T : class
{
    private readonly DataViewConstructionUtils.InputRow<T> _row = DataViewConstructionUtils.CreateInputRow<T>(environment, definition);

    /// <summary>The row.</summary>
    public DataViewRow Row => _row;

    /// <summary>Sets the row's values.</summary>
    public void Set(T example) => _row.ExtractValues(example);
}
