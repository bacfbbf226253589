using Gateway.Protocol;

namespace Gateway.Providers.Profiles;

/// <summary>What is publicly known about reaching one kind of provider; data from <c>profiles.json</c>.</summary>
internal sealed class ProviderProfile
{
    /// <summary>Profile id, also the default id of a provider of this kind, and its name in the model catalogue.</summary>
    public required string Id { get; init; }

    /// <summary>Name for people.</summary>
    public required string Name { get; init; }

    /// <summary>Value of <c>gen_ai.provider.name</c>; null: the provider's own id.</summary>
    public string? TelemetryName { get; init; }

    /// <summary>The usual base address, possibly with <c>{variables}</c>; null when every deployment has its own.</summary>
    public string? BaseUrl { get; init; }

    /// <summary>Conventional environment variables that hold the base address.</summary>
    public IReadOnlyList<string> BaseUrlVariables { get; init; } = [];

    /// <summary>How to read a base address without a scheme; null: that is an error.</summary>
    public BareHostProfile? BareHost { get; init; }

    /// <summary>For each <c>{variable}</c> of <see cref="BaseUrl"/>, the environment variables that may fill it.</summary>
    public IReadOnlyList<KeyValuePair<string, IReadOnlyList<string>>> UrlVariables { get; init; } = [];

    /// <summary>Base addresses that take the place of <see cref="BaseUrl"/> where a variable has a certain value.</summary>
    public IReadOnlyList<BaseUrlChoice> BaseUrlChoices { get; init; } = [];

    /// <summary>How the provider takes its credential.</summary>
    public required CredentialProfile Credential { get; init; }

    /// <summary>Headers sent on every call that has none of that name.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>Headers sent when the environment variable that holds their value is set.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> HeaderVariables { get; init; } = [];

    /// <summary>The path of each operation the provider has, in the form of <see cref="ProviderEndpoint"/>.</summary>
    public required IReadOnlyDictionary<Operation, string> Paths { get; init; }

    /// <summary>Where it lists its models; null where no list can be had under the base address.</summary>
    public ModelDiscovery? Models { get; init; }

    /// <summary>Where it tells what is left of its limits, or null.</summary>
    public RateLimitHeaders? RateLimits { get; init; }

    /// <summary>HTTP statuses after which the same request may succeed.</summary>
    public IReadOnlyList<int> RetryableStatuses { get; init; } = [];

    /// <summary>What its own error codes mean.</summary>
    public ProviderErrorMap Errors { get; init; } = ProviderErrorMap.Empty;

    /// <summary>Whether the provider accepts <c>stream_options.include_usage</c>.</summary>
    public bool SupportsStreamUsage { get; init; } = true;

    /// <summary>Whether completion token counts include reasoning tokens.</summary>
    public bool ReasoningInOutput { get; init; } = true;
}
