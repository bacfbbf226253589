using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Providers.Credentials;

/// <summary>What credential sources work with.</summary>
internal sealed record CredentialServices
{
    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Gets failed fetches that no request has suffered from yet, among others.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;

    /// <summary>Environment variables.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>The variable's value; null when it is not set or blank.</summary>
    public string? Variable(string name) =>
        Environment.GetValueOrDefault(name) is { } value && !string.IsNullOrWhiteSpace(value) ? value.Trim() : null;
}
