using Gateway.Secrets;

namespace Gateway.Configuration;

/// <summary>One virtual key as declared: either <see cref="Hash"/> or <see cref="Value"/>.</summary>
/// <param name="Id">Public id.</param>
/// <param name="Models">Globs over what it may use.</param>
internal sealed record KeyConfig(string Id, IReadOnlyList<string> Models)
{
    /// <summary>Name for people; null: the id.</summary>
    public string? Name { get; init; }

    /// <summary>32 bytes of HMAC-SHA256.</summary>
    public byte[]? Hash { get; init; }

    /// <summary>Where the key itself is kept.</summary>
    public SecretReference? Value { get; init; }

    /// <summary>A disabled key is refused.</summary>
    public bool Disabled { get; init; }
}
