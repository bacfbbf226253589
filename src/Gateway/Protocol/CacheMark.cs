namespace Gateway.Protocol;

/// <summary>A marker that asks the provider to cache its prompt up to here.</summary>
/// <param name="Ttl">How long, as the wire says (<c>5m</c>, <c>1h</c>), or null for the provider's default.</param>
internal sealed record CacheMark(string? Ttl);
