namespace Gateway.Admission;

/// <summary>A caller's key: what it may do. The value itself is never kept, only its keyed hash.</summary>
internal sealed class VirtualKey
{
    /// <summary>Public id, safe to log and to show.</summary>
    public required string Id { get; init; }

    /// <summary>Name for people.</summary>
    public required string Name { get; init; }

    /// <summary>HMAC-SHA256 of the value under the deployment's key-hashing secret: 32 bytes.</summary>
    public required byte[] Hash { get; init; }

    /// <summary>Globs (<c>*</c>, <c>?</c>) over route names and <c>provider/model</c> addresses this key may use. Empty means none.</summary>
    public required IReadOnlyList<string> Models { get; init; }

    /// <summary>A disabled key is refused like an unknown one, with its own error code.</summary>
    public bool Disabled { get; init; }
}
