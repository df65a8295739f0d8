using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Estimators fitted one after the other, each on the output of those before it.</summary>
public sealed class EstimatorChain<TLastTransformer> : IEstimator<TransformerChain<TLastTransformer>>
    where TLastTransformer : class, ITransformer
{
    private readonly Link[] _links;

    public readonly IEstimator<TLastTransformer> LastEstimator;

    public EstimatorChain() : this([])
    {
    }

    private EstimatorChain(Link[] links)
    {
        _links = links;
        LastEstimator = links.LastOrDefault()?.Estimator as IEstimator<TLastTransformer>;
    }

    private sealed record Link(IEstimator<ITransformer> Estimator, TransformerScope Scope, IHostEnvironment CacheAfter = null);

    public TransformerChain<TLastTransformer> Fit(IDataView input)
    {
        // The whole chain's schema is checked before the first, perhaps long, fit.
        GetOutputSchema(SchemaShape.Create(input.Schema));

        IDataView data = input;
        var transformers = new ITransformer[_links.Length];
        for (int i = 0; i < _links.Length; i++)
        {
            transformers[i] = _links[i].Estimator.Fit(data);
            data = transformers[i].Transform(data);
            if (_links[i].CacheAfter is not null && i < _links.Length - 1)
                data = new CacheDataView(data);
        }

        return new(transformers, _links.Select(l => l.Scope));
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema) =>
        _links.Aggregate(inputSchema, (schema, link) => link.Estimator.GetOutputSchema(schema));

    public EstimatorChain<TNewTrans> Append<TNewTrans>(IEstimator<TNewTrans> estimator, TransformerScope scope = TransformerScope.Everything)
        where TNewTrans : class, ITransformer
    {
        Contracts.CheckValue(estimator, nameof(estimator));
        IEnumerable<EstimatorChain<TNewTrans>.Link> links = _links.Select(l => new EstimatorChain<TNewTrans>.Link(l.Estimator, l.Scope, l.CacheAfter));
        return new([.. links, new(estimator, scope)]);
    }

    /// <summary>Keeps the rows made so far in memory while the estimators after this point are fitted.</summary>
    public EstimatorChain<TLastTransformer> AppendCacheCheckpoint(IHostEnvironment env)
    {
        Contracts.CheckValue(env, nameof(env));
        if (_links.Length == 0)
            throw new InvalidOperationException("Current estimator chain has no estimator, can't append cache checkpoint.");
        return _links[^1].CacheAfter is null ? new([.. _links[..^1], _links[^1] with { CacheAfter = env }]) : this;
    }
}
