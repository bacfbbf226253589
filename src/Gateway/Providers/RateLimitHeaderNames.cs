namespace Gateway.Providers;

/// <summary>Names of the headers of one limit.</summary>
/// <param name="Limit">The limit itself.</param>
/// <param name="Remaining">What is left of it.</param>
/// <param name="Reset">When it is whole again; null when the provider does not say.</param>
internal sealed record RateLimitHeaderNames(string Limit, string Remaining, string? Reset);
