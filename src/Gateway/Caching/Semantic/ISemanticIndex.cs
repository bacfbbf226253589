namespace Gateway.Caching.Semantic;

/// <summary>Finds what was stored under a vector of nearly the same direction. What it holds is a cache: it may lose any of it, and never gives it to another tenant.</summary>
/// <remarks>All members throw <see cref="IOException"/> when the index does not answer, and <see cref="ArgumentException"/> for what <see cref="IndexBounds"/> refuses.</remarks>
internal interface ISemanticIndex : IAsyncDisposable
{
    /// <summary>Dimensions of every vector.</summary>
    int Dimensions { get; }

    /// <summary>Stores an entry, in place of one with the same id.</summary>
    ValueTask UpsertAsync(IndexScope scope, IndexEntry entry, CancellationToken cancellation);

    /// <summary>The most similar entries of a scope, most similar first.</summary>
    ValueTask<IReadOnlyList<IndexMatch>> SearchAsync(IndexScope scope, IndexQuery query, CancellationToken cancellation);

    /// <summary>Deletes all that a tenant has stored.</summary>
    /// <returns>How many entries.</returns>
    ValueTask<long> RemoveAsync(Tenant tenant, CancellationToken cancellation);

    /// <summary>Deletes what has expired, whoever stored it. It was not found any more before either.</summary>
    /// <returns>How many entries.</returns>
    ValueTask<long> SweepAsync(DateTimeOffset now, CancellationToken cancellation);

    /// <summary>Returns when the index could be used now.</summary>
    ValueTask ProbeAsync(CancellationToken cancellation);
}
