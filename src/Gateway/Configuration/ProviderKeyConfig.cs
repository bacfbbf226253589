using Gateway.Secrets;

namespace Gateway.Configuration;

/// <summary>One of a provider's keys as declared.</summary>
/// <param name="Key">Where it is kept; null when that could not be read.</param>
internal sealed record ProviderKeyConfig(SecretReference? Key)
{
    /// <summary>Its name in logs; null: <c>key-1</c> and so on.</summary>
    public string? Id { get; init; }

    /// <summary>Its share of the requests.</summary>
    public int Weight { get; init; } = 1;

    /// <summary>Globs over the models it serves; none: all.</summary>
    public IReadOnlyList<string> Models { get; init; } = [];
}
