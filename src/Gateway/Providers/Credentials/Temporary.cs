namespace Gateway.Providers.Credentials;

/// <summary>Something that a source gave for a while.</summary>
/// <param name="Value">What it gave.</param>
/// <param name="Expires">When it ends; null: never.</param>
internal sealed record Temporary<T>(T Value, DateTimeOffset? Expires);
