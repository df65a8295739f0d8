using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>Loads, reads and splits data.</summary>
public sealed class DataOperationsCatalog : IInternalCatalog
{
    private readonly IHostEnvironment _env;

    internal DataOperationsCatalog(IHostEnvironment env) => _env = env;

    IHostEnvironment IInternalCatalog.Environment => _env;

    /// <summary>A view and the rest of it.</summary>
    public struct TrainTestData
    {
        public readonly IDataView TrainSet;
        public readonly IDataView TestSet;

        internal TrainTestData(IDataView trainSet, IDataView testSet)
        {
            TrainSet = trainSet;
            TestSet = testSet;
        }
    }

    public IDataView LoadFromEnumerable<TRow>(IEnumerable<TRow> data, SchemaDefinition schemaDefinition = null)
        where TRow : class
    {
        _env.CheckValue(data, nameof(data));
        schemaDefinition ??= SchemaDefinition.Create(typeof(TRow), SchemaDefinition.Direction.Read);
        return new EnumerableDataView<TRow>(data, MemberColumn.Bind(typeof(TRow), schemaDefinition));
    }

    public IDataView LoadFromEnumerable<TRow>(IEnumerable<TRow> data, DataViewSchema schema)
        where TRow : class
    {
        _env.CheckValue(schema, nameof(schema));
        return LoadFromEnumerable(data, SchemaDefinition.For(typeof(TRow), schema));
    }

    public IEnumerable<TRow> CreateEnumerable<TRow>(IDataView data, bool reuseRowObject, bool ignoreMissingColumns = false, SchemaDefinition schemaDefinition = null)
        where TRow : class, new()
    {
        _env.CheckValue(data, nameof(data));
        return Rows(data, new TypedRows<TRow>(data.Schema, ignoreMissingColumns, schemaDefinition), reuseRowObject);
    }

    private static IEnumerable<TRow> Rows<TRow>(IDataView data, TypedRows<TRow> typed, bool reuseRowObject)
        where TRow : class, new()
    {
        using DataViewRowCursor cursor = data.GetRowCursor(typed.Needed(data.Schema));
        Action<TRow> fill = typed.Filler(cursor);
        TRow row = null;
        while (cursor.MoveNext())
        {
            row = reuseRowObject && row is not null ? row : new TRow();
            fill(row);
            yield return row;
        }
    }

    /// <summary>Keeps what has been read in memory.</summary>
    public IDataView Cache(IDataView input, params string[] columnsToPrefetch)
    {
        _env.CheckValue(input, nameof(input));
        foreach (string name in columnsToPrefetch ?? [])
        {
            if (input.Schema.GetColumnOrNull(name) is null)
                throw _env.ExceptSchemaMismatch(nameof(columnsToPrefetch), "prefetch", name);
        }

        return new CacheDataView(input);
    }

    /// <summary>The first rows.</summary>
    public IDataView TakeRows(IDataView input, long count) => SkipThenTake(input, 0, count, count);

    /// <summary>All but the first rows.</summary>
    public IDataView SkipRows(IDataView input, long count) => SkipThenTake(input, count, long.MaxValue, count);

    private FilterDataView SkipThenTake(IDataView input, long skip, long take, long count)
    {
        _env.CheckValue(input, nameof(input));
        _env.CheckUserArg(count > 0, nameof(count), "Must be greater than zero.");
        return new(input, MakeMoveNext, canShuffle: false,
            () => input.GetRowCount() is long rows ? Math.Min(Math.Max(0, rows - skip), take) : null);

        Func<DataViewRowCursor, bool> MakeMoveNext()
        {
            long toSkip = skip, left = take;
            return cursor =>
            {
                if (left-- <= 0)
                    return false;
                while (toSkip > 0 && cursor.MoveNext())
                    toSkip--;
                return cursor.MoveNext();
            };
        }
    }

    /// <summary>The rows in random order, the same for every cursor of the result.</summary>
    public IDataView ShuffleRows(IDataView input, int? seed = null, int shufflePoolSize = 1000, bool shuffleSource = true)
    {
        _env.CheckValue(input, nameof(input));
        _env.CheckUserArg(shufflePoolSize > 0, nameof(shufflePoolSize), "Must be positive");
        int order = seed ?? _env.Register(nameof(ShuffleRows)).Rand.Next();
        return new CacheDataView(input, () => new Random(order));
    }

    /// <summary>Each row goes to the test set with probability <paramref name="testFraction"/>; the order stays.</summary>
    public TrainTestData TrainTestSplit(IDataView data, double testFraction = 0.1, string samplingKeyColumnName = null, int? seed = null)
    {
        _env.CheckValue(data, nameof(data));
        _env.CheckParam(0 < testFraction && testFraction < 1, nameof(testFraction), "Must be between 0 and 1 exclusive");
        if (samplingKeyColumnName is not null)
            throw Unsupported.Member($"{nameof(TrainTestSplit)}({nameof(samplingKeyColumnName)})");
        int split = seed ?? ((IHostEnvironmentInternal)_env).Seed ?? 42;
        return new(Part(inTest: false), Part(inTest: true));

        // The draws go by the row's place, so that no cursor may shuffle what is below.
        FilterDataView Part(bool inTest) => new(data, () =>
        {
            var random = new Random(split);
            return cursor =>
            {
                while (cursor.MoveNext())
                {
                    if (random.NextDouble() < testFraction == inTest)
                        return true;
                }

                return false;
            };
        }, canShuffle: false, () => null);
    }
}
