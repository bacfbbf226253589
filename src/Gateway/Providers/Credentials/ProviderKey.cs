using System.IO.Enumeration;

namespace Gateway.Providers.Credentials;

/// <summary>One of a provider's keys.</summary>
/// <param name="Id">Its name in logs and errors, unique within the provider.</param>
/// <param name="Credential">What it proves the caller with.</param>
internal sealed record ProviderKey(string Id, IProviderCredential Credential)
{
    /// <summary>Its share of the requests, relative to those of the other keys that serve the same model: at least 1.</summary>
    public int Weight { get; init; } = 1;

    /// <summary>Whether it rests; shared with the same key of other snapshots.</summary>
    public KeyState State { get; init; } = new(TimeProvider.System);

    /// <summary>Globs (* and ?) over the models it serves; none: all.</summary>
    public IReadOnlyList<string> Models { get; init; } = [];

    /// <summary>Whether it serves a model.</summary>
    /// <param name="model">The model's id on the provider's wire.</param>
    public bool Serves(string model)
    {
        if (Models.Count == 0)
            return true;
        foreach (var glob in Models)
        {
            if (FileSystemName.MatchesSimpleExpression(glob, model, ignoreCase: false))
                return true;
        }

        return false;
    }
}
