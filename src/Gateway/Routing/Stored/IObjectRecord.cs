using Gateway.Protocol;

namespace Gateway.Routing.Stored;

/// <summary>Which files and batches a key has made. Thread-safe.</summary>
internal interface IObjectRecord
{
    /// <summary>Notes one; noting it again changes nothing.</summary>
    void Add(string keyId, Operation kind, string provider, string id);

    /// <summary>Forgets one.</summary>
    void Remove(string keyId, Operation kind, string provider, string id);

    /// <summary>A key's, newest first.</summary>
    /// <param name="keyId">The virtual key's id.</param>
    /// <param name="kind">Files or batches.</param>
    /// <param name="after">The one after which to begin, or null.</param>
    /// <param name="limit">Most to return.</param>
    IReadOnlyList<(string Provider, string Id)> List(string keyId, Operation kind, (string Provider, string Id)? after, int limit);

    /// <summary>Whether a batch's usage is in the ledger.</summary>
    bool IsSettled(string keyId, string provider, string batch);

    /// <summary>Notes that it is.</summary>
    void Settle(string keyId, string provider, string batch);

    /// <summary>Notes the file that has a batch's output.</summary>
    void NoteOutput(string keyId, string provider, string batch, string file);

    /// <summary>The batch whose output a file is, while it is not settled; otherwise null.</summary>
    string? UnsettledBatch(string keyId, string provider, string file);
}
