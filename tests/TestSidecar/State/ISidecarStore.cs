namespace TestSidecar.State;

/// <summary>A state component.</summary>
internal interface ISidecarStore
{
    /// <summary>The value, or null.</summary>
    Task<StoredValue?> GetAsync(string key);

    /// <summary>Writes or deletes.</summary>
    /// <exception cref="ETagException">By the store's own rules.</exception>
    Task WriteAsync(StateWrite write);

    /// <summary>Writes in one transaction, as the store understands one.</summary>
    /// <exception cref="ETagException">One of them met another ETag.</exception>
    Task TransactAsync(IReadOnlyList<StateWrite> writes);
}
