using Gateway.Configuration.Documents;
using Gateway.Providers;
using Gateway.Providers.Profiles;

namespace Gateway.Configuration;

/// <summary>Finds the base address of a provider: what is declared, else its conventional variable, else the profile's own with its variables filled.</summary>
internal sealed class BaseAddressResolver(IReadOnlyDictionary<string, string> environment, ProblemList problems)
{
    /// <summary>Whether one of the profile's base address variables is set.</summary>
    public bool IsSet(ProviderProfile profile) => FirstSet(profile.BaseUrlVariables) is not null;

    /// <summary>Whether the environment says enough to know the address.</summary>
    /// <param name="profile">The profile.</param>
    /// <param name="region">A declared region, which comes before the environment's.</param>
    public bool CanResolve(ProviderProfile profile, string? region = null) =>
        IsSet(profile) || (profile.BaseUrl is not null && profile.UrlVariables.All(v => IsRegion(v.Key, region) || FirstSet(v.Value) is not null));

    /// <summary>The address of a declared provider; null, with a problem, when it cannot be known.</summary>
    public Uri? ForDeclared(ProviderConfig declared, ProviderProfile profile, string path)
    {
        var at = JsonPath.Member(path, "baseUrl");
        if (declared.BaseUrl is { } written)
        {
            if (EndpointAddress.Parse(written, out var uri) is { } fault) problems.Add(at, fault);
            return uri;
        }

        var region = declared.Credential?.Aws?.Region;
        if (CanResolve(profile, region)) return FromEnvironment(profile, region);
        if (profile.BaseUrl is null)
        {
            problems.Add(at, profile.BaseUrlVariables.Count == 0
                ? $"is missing; {profile.Id} has no usual address, so write {"\"http://…\""}"
                : $"is missing and {profile.BaseUrlVariables[0]} is not set; write it, or set the variable");
            return null;
        }

        foreach (var (_, names) in profile.UrlVariables)
        {
            if (FirstSet(names) is null) problems.Add(at, $"is missing and the usual address needs {names[0]}, which is not set; set the variable, or write a baseUrl");
        }

        return null;
    }

    /// <summary>The address of a provider in a region; null, with a problem, when it has none for each.</summary>
    /// <param name="declared">The provider.</param>
    /// <param name="profile">Its profile; null when it is built in.</param>
    /// <param name="region">The region.</param>
    /// <param name="path">Where the region is written.</param>
    public Uri? InRegion(ProviderConfig declared, ProviderProfile? profile, string region, string path)
    {
        var written = declared.BaseUrl is not null ? "its baseUrl" : profile is null ? null : FirstSet(profile.BaseUrlVariables);
        if (profile is null || !profile.UrlVariables.Any(v => IsRegion(v.Key, region)))
            problems.Add(path, $"means nothing to the provider \"{declared.Id}\", whose address has no region in it; declare another provider for the other address, and remove this");
        else if (written is not null)
            problems.Add(path, $"contradicts the address of the provider \"{declared.Id}\", which {written} gives as a whole; remove one of them");
        else
            return CanResolve(profile, region) ? FromEnvironment(profile, region) : null;
        return null;
    }

    /// <summary>The address as the environment has it; null, with a problem that names the variable, when that is malformed.</summary>
    public Uri? FromEnvironment(ProviderProfile profile, string? region = null)
    {
        Uri? uri;
        if (FirstSet(profile.BaseUrlVariables) is { } variable)
        {
            if (EndpointAddress.ParseLoose(environment[variable], profile.BareHost, out uri) is { } fault)
                problems.Add(EnvironmentOverrides.ProblemPrefix + variable, fault);
            return uri;
        }

        var address = Chosen(profile, region) ?? profile.BaseUrl!;
        foreach (var (placeholder, names) in profile.UrlVariables)
        {
            var value = IsRegion(placeholder, region) ? region! : Uri.EscapeDataString(environment[FirstSet(names)!].Trim());
            address = address.Replace("{" + placeholder + "}", value, StringComparison.Ordinal);
        }

        if (EndpointAddress.Parse(address, out uri) is not null)
            problems.Add(EnvironmentOverrides.ProblemPrefix + FirstSet(profile.UrlVariables[0].Value), $"does not fit into the address {profile.BaseUrl}");
        return uri;
    }

    private string? Chosen(ProviderProfile profile, string? region)
    {
        foreach (var choice in profile.BaseUrlChoices)
        {
            foreach (var (placeholder, names) in profile.UrlVariables)
            {
                if (placeholder == choice.Variable && (IsRegion(placeholder, region) ? region : environment[FirstSet(names)!].Trim()) == choice.Value) return choice.BaseUrl;
            }
        }

        return null;
    }

    private static bool IsRegion(string placeholder, string? region) => region is not null && placeholder is "region" or "location";

    private string? FirstSet(IReadOnlyList<string> names)
    {
        foreach (var name in names)
        {
            if (!string.IsNullOrWhiteSpace(environment.GetValueOrDefault(name))) return name;
        }

        return null;
    }
}
