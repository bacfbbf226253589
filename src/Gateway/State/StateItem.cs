namespace Gateway.State;

/// <summary>A value in the state store.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Value">UTF-8 JSON.</param>
/// <param name="ETag">Opaque; differs after every write.</param>
internal sealed record StateItem(string Key, ReadOnlyMemory<byte> Value, string ETag);
