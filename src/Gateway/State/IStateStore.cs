namespace Gateway.State;

/// <summary>
/// State that replicas share: values under keys, each with an ETag that changes with every write. Built on what every Dapr state store has,
/// so nothing here spans keys but <see cref="TryTransactAsync"/>. All calls throw <see cref="StateUnavailableException"/> when the store cannot be
/// reached within its time limit; what a write did is then unknown and its caller reads again.
/// </summary>
internal interface IStateStore
{
    /// <summary>The value of a key, or null.</summary>
    ValueTask<StateItem?> GetAsync(string key, CancellationToken cancellation = default);

    /// <summary>The values of several keys, in their order; null where there is none. Not one moment: each is read by itself.</summary>
    ValueTask<IReadOnlyList<StateItem?>> GetManyAsync(IReadOnlyList<string> keys, CancellationToken cancellation = default);

    /// <summary>Writes whatever is there.</summary>
    /// <param name="key">See <see cref="StateKeys"/>.</param>
    /// <param name="value">UTF-8 JSON.</param>
    /// <param name="timeToLive">When the value goes by itself, whole seconds; null: never.</param>
    /// <param name="cancellation">Gives up.</param>
    ValueTask SetAsync(string key, ReadOnlyMemory<byte> value, TimeSpan? timeToLive = null, CancellationToken cancellation = default);

    /// <summary>Writes if nobody has written since it was read.</summary>
    /// <param name="key">See <see cref="StateKeys"/>.</param>
    /// <param name="value">UTF-8 JSON.</param>
    /// <param name="etag">The ETag that was read; null: only when there is no value.</param>
    /// <param name="timeToLive">When the value goes by itself, whole seconds; null: never.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>False on a conflict: nothing was written.</returns>
    ValueTask<bool> TrySetAsync(string key, ReadOnlyMemory<byte> value, string? etag, TimeSpan? timeToLive = null, CancellationToken cancellation = default);

    /// <summary>Deletes if nobody has written since it was read.</summary>
    /// <param name="key">The key.</param>
    /// <param name="etag">The ETag that was read; null: whatever is there, also nothing.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>False on a conflict: nothing was deleted.</returns>
    ValueTask<bool> TryDeleteAsync(string key, string? etag, CancellationToken cancellation = default);

    /// <summary>
    /// Makes several changes in one call. All or none where the store can (SQLite, PostgreSQL, Cosmos DB within a partition); Redis does not take
    /// back what preceded a conflict. What must be right everywhere therefore lives in one value.
    /// </summary>
    /// <returns>False when any of the changes met a conflict.</returns>
    ValueTask<bool> TryTransactAsync(IReadOnlyList<StateChange> changes, CancellationToken cancellation = default);
}
