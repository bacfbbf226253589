using System.Globalization;
using Gateway.Caching.Semantic;
using Grpc.Core;
using Microsoft.Extensions.VectorData;
// When this connector is given up, CommunityToolkit.VectorData.Qdrant follows it with the same types under a namespace of its own: this line and the pins change.
using Microsoft.SemanticKernel.Connectors.Qdrant;
using Qdrant.Client;
using Qdrant.Client.Grpc;
using GrpcRange = Qdrant.Client.Grpc.Range;

namespace Gateway.Qdrant;

/// <summary>The index on Qdrant, which all replicas share. Nothing is called before it is used.</summary>
internal sealed class QdrantSemanticIndex : ISemanticIndex
{
    private readonly QdrantClient _client;
    private readonly QdrantVectorStore _store;
    private readonly QdrantCollection<Guid, QdrantRecord> _collection;
    private readonly SemaphoreSlim _ensuring = new(1);
    private volatile bool _exists;

    /// <summary>Makes one.</summary>
    public QdrantSemanticIndex(SemanticIndexOptions options)
    {
        Dimensions = options.Dimensions;
        _client = new QdrantClient(options.Endpoint, options.ApiKey?.Reveal(), options.Timeout);
        _store = new QdrantVectorStore(_client, ownsClient: true);
        _collection = _store.GetCollection<Guid, QdrantRecord>(
            string.Create(CultureInfo.InvariantCulture, $"{options.Collection}-{options.Dimensions}"), QdrantSchema.For(options.Dimensions));
    }

    /// <inheritdoc/>
    public int Dimensions { get; }

    /// <inheritdoc/>
    public async ValueTask UpsertAsync(IndexScope scope, IndexEntry entry, CancellationToken cancellation)
    {
        IndexBounds.Check(entry, Dimensions);
        var record = new QdrantRecord
        {
            Key = QdrantKeys.Of(scope, entry.Id),
            Tenant = scope.Tenant.Id,
            Partition = QdrantKeys.Text(scope.Partition),
            Entry = QdrantKeys.Text(entry.Id),
            Expires = IndexBounds.Seconds(entry.Expires),
            Payload = Convert.ToBase64String(entry.Payload.Span),
            Vector = entry.Vector,
        };
        await CallAsync(
            async () =>
            {
                await _collection.UpsertAsync(record, cancellation).ConfigureAwait(false);
                return true;
            },
            cancellation).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<IndexMatch>> SearchAsync(IndexScope scope, IndexQuery query, CancellationToken cancellation)
    {
        IndexBounds.Check(query, Dimensions);
        var (tenant, partition, now) = (scope.Tenant.Id, QdrantKeys.Text(scope.Partition), IndexBounds.Seconds(query.Now));
        var options = new VectorSearchOptions<QdrantRecord>
        {
            Filter = record => record.Tenant == tenant && record.Partition == partition && record.Expires > now,
            ScoreThreshold = query.LeastSimilarity,
        };
        return await CallAsync(
            async () =>
            {
                var matches = new List<IndexMatch>();
                await foreach (var found in _collection.SearchAsync(query.Vector, query.Top, options, cancellation).ConfigureAwait(false))
                {
                    // What the filter lets through is right already; but nothing may ever depend on another process alone to keep tenants apart.
                    var record = found.Record;
                    if (record.Tenant == tenant && record.Partition == partition && record.Expires > now)
                        matches.Add(Match(record, found.Score));
                }

                return matches;
            },
            cancellation).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ValueTask<long> RemoveAsync(Tenant tenant, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(tenant);
        return DeleteAsync(Conditions.MatchKeyword(nameof(QdrantRecord.Tenant), tenant.Id), cancellation);
    }

    /// <inheritdoc/>
    public ValueTask<long> SweepAsync(DateTimeOffset now, CancellationToken cancellation) =>
        DeleteAsync(Conditions.Range(nameof(QdrantRecord.Expires), new GrpcRange { Lte = IndexBounds.Seconds(now) }), cancellation);

    /// <summary>Also makes the collection again when it is gone, as with a Qdrant that has lost its disk.</summary>
    public async ValueTask ProbeAsync(CancellationToken cancellation)
    {
        _exists = false;
        await CallAsync(static () => Task.FromResult(true), cancellation).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        // They share the client; the last one closes it.
        _collection.Dispose();
        _store.Dispose();
        _ensuring.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>By filter and in one call, which the connector does not have: it would fetch what is to be deleted.</summary>
    private ValueTask<long> DeleteAsync(Condition condition, CancellationToken cancellation) => CallAsync(
        async () =>
        {
            var filter = new Filter { Must = { condition } };
            var count = await _client.CountAsync(_collection.Name, filter, cancellationToken: cancellation).ConfigureAwait(false);
            if (count > 0)
                await _client.DeleteAsync(_collection.Name, filter, cancellationToken: cancellation).ConfigureAwait(false);
            return (long)count;
        },
        cancellation);

    private static IndexMatch Match(QdrantRecord record, double? score) => new(
        QdrantKeys.Number(record.Entry), (float)(score ?? 0), Convert.FromBase64String(record.Payload), DateTimeOffset.FromUnixTimeSeconds(record.Expires));

    private async ValueTask<T> CallAsync<T>(Func<Task<T>> call, CancellationToken cancellation)
    {
        try
        {
            await EnsureAsync(cancellation).ConfigureAwait(false);
            return await call().ConfigureAwait(false);
        }
        catch (Exception e) when (e is VectorStoreException or RpcException or QdrantException)
        {
            var status = StatusOf(e);
            if (status == StatusCode.NotFound)
                _exists = false;
            cancellation.ThrowIfCancellationRequested();
            throw new IOException($"Qdrant did not answer: {status?.ToString() ?? e.Message}", e);
        }
    }

    private async Task EnsureAsync(CancellationToken cancellation)
    {
        if (_exists)
            return;
        await _ensuring.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            if (_exists)
                return;
            await _collection.EnsureCollectionExistsAsync(cancellation).ConfigureAwait(false);
            _exists = true;
        }
        finally
        {
            _ensuring.Release();
        }
    }

    private static StatusCode? StatusOf(Exception? e)
    {
        for (; e is not null; e = e.InnerException)
        {
            if (e is RpcException rpc)
                return rpc.StatusCode;
        }

        return null;
    }
}
