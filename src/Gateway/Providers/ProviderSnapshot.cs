using Gateway.Protocol;
using Gateway.Providers.Credentials;
using Gateway.Transport;

namespace Gateway.Providers;

/// <summary>One provider, compiled: everything an attempt needs to reach it. A record for the sake of <c>with</c>, which forgets no member.</summary>
internal sealed record ProviderSnapshot
{
    /// <summary>Id used in <c>provider/model</c> names, metrics and the ledger.</summary>
    public required string Id { get; init; }

    /// <summary>Id of the profile it was made from: what kind of provider it is.</summary>
    public required string Kind { get; init; }

    /// <summary>Value of OpenTelemetry's <c>gen_ai.provider.name</c>.</summary>
    public required string TelemetryName { get; init; }

    /// <summary>The address of each operation the provider has; an operation that is missing is not supported.</summary>
    public required OperationMap<ProviderEndpoint> Endpoints { get; init; }

    /// <summary>
    /// The wire on which a request of a client's wire is sent: the same where the provider has it (it is relayed), otherwise the provider's
    /// best of the same family (it is translated); null when the provider can't serve it.
    /// </summary>
    public Operation? WireFor(Operation asked)
    {
        if (Endpoints.ContainsKey(asked))
            return asked;
        foreach (var wire in asked.Alternatives())
        {
            if (Endpoints.ContainsKey(wire))
                return wire;
        }

        return null;
    }

    /// <summary>What proves the gateway to it; null when it takes nothing.</summary>
    public KeySetCredential? Credentials { get; init; }

    /// <summary>Headers sent on every call, such as an organisation id.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> ExtraHeaders { get; init; } = [];

    /// <summary>True when the provider understands <c>stream_options.include_usage</c>. Others send usage unasked or not at all.</summary>
    public bool SupportsStreamUsage { get; init; } = true;

    /// <summary>Whether completion token counts already include reasoning tokens (xAI's do not).</summary>
    public bool ReasoningInOutput { get; init; } = true;

    /// <summary>What its own error codes mean.</summary>
    public ProviderErrorMap Errors { get; init; } = ProviderErrorMap.Empty;

    /// <summary>Where it tells what is left of its rate limits, or null.</summary>
    public RateLimitHeaders? RateLimits { get; init; }

    /// <summary>How many calls of all its models together may be under way at once, &gt; 0; null: no such limit.</summary>
    public int? MaxConcurrency { get; init; }

    /// <summary>What is asked, by GET and with a key, to see whether it serves; null: nothing of the kind is known.</summary>
    public Uri? Probe { get; init; }

    /// <summary>Where it processes and keeps data, in the operator's words; null: not known.</summary>
    public string? Residency { get; init; }

    /// <summary>How long it keeps data, in the operator's words; null: not known.</summary>
    public string? Retention { get; init; }

    /// <summary>Limits on waiting.</summary>
    public required TimeoutPolicy Timeouts { get; init; }
}
