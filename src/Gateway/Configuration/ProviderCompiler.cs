using Gateway.Configuration.Documents;
using Gateway.Protocol;
using Gateway.Providers;
using Gateway.Providers.Credentials;
using Gateway.Providers.Profiles;
using Gateway.Secrets;
using Gateway.Transport;

namespace Gateway.Configuration;

/// <summary>Compiles declared providers, those the environment enables, and the simulator.</summary>
internal sealed class ProviderCompiler(GatewayConfig config, CompileInputs inputs, ProblemList problems)
{
    private static readonly string Providers = JsonPath.Member(JsonPath.Root, "providers");

    private readonly SecretResolver _secrets = new(inputs.Environment, config.BaseDirectory, inputs.Vault);
    private readonly TimeoutPolicy _timeouts = config.Timeouts.Over(new TimeoutPolicy());
    private readonly BaseAddressResolver _addresses = new(inputs.Environment, problems);
    private readonly CredentialCompiler _credentials = new(inputs, new SecretResolver(inputs.Environment, config.BaseDirectory, inputs.Vault), config.BaseDirectory, problems);

    /// <summary>Compiles all: declared ones in their order, discovered ones in the order of the profiles, the simulator last.</summary>
    public IReadOnlyList<EffectiveProvider> Compile()
    {
        var enabled = new List<EffectiveProvider>();
        foreach (var declared in config.Providers)
        {
            if (declared.Enabled && declared.Id != ProviderProfiles.Simulator && Declared(declared) is { } provider) enabled.Add(provider);
        }

        foreach (var profile in ProviderProfiles.All)
        {
            if (config.Providers.All(p => p.Id != profile.Id) && Discovered(profile) is { } provider) enabled.Add(provider);
        }

        AddSimulator(enabled);
        return enabled;
    }

    /// <summary>An enabled provider as it is reached in another region than its usual one; null, with a problem, when it has none.</summary>
    /// <param name="usual">The provider.</param>
    /// <param name="region">The region, which keeps <see cref="Settings.TextRules.CloudRegion"/>.</param>
    /// <param name="residency">Where that region is, or null.</param>
    /// <param name="path">Where the region is written.</param>
    public ProviderSnapshot? InRegion(ProviderSnapshot usual, string region, string? residency, string path)
    {
        var declared = config.Providers.FirstOrDefault(p => p.Id == usual.Id) ?? new ProviderConfig(usual.Id);
        if (_addresses.InRegion(declared, ProviderProfiles.Find(usual.Kind), region, path) is not { } baseUri) return null;
        var paths = new Dictionary<Operation, string>(ProviderProfiles.Find(usual.Kind)!.Paths);
        foreach (var (operation, written) in declared.Paths)
        {
            if (written is null) paths.Remove(operation);
            else paths[operation] = written;
        }

        return usual with { Endpoints = Endpoints(baseUri, paths), Credentials = usual.Credentials?.In(region), Residency = residency };
    }

    private EffectiveProvider? Declared(ProviderConfig declared)
    {
        var path = JsonPath.Member(Providers, declared.Id);
        var type = declared.Type ?? declared.Id;
        if (ProviderProfiles.Find(type) is not { } profile)
        {
            problems.Add(
                JsonPath.Member(path, "type"),
                $"is no known profile{Suggestion.For(type, ProviderProfiles.All.Select(p => p.Id))}; name one, or write \"openai-compatible\" and a baseUrl for another server of that dialect");
            return null;
        }

        var baseUri = _addresses.ForDeclared(declared, profile, path);
        var credential = _credentials.Compile(declared, profile, baseUri, path);
        var endpoints = Endpoints(declared, profile, baseUri, path);
        var headers = Headers(declared, profile, path);
        return baseUri is null
            ? null
            : Build(declared, profile, baseUri, credential, endpoints, headers, declared.Timeouts.Over(_timeouts), "file");
    }

    private EffectiveProvider? Discovered(ProviderProfile profile)
    {
        var key = _credentials.KeyVariable(profile);
        // A server that needs no key is only known to exist by its address.
        var wanted = profile.Credential.Required ? key is not null : _addresses.IsSet(profile);
        if (!wanted || !_addresses.CanResolve(profile) || _addresses.FromEnvironment(profile) is not { } baseUri) return null;
        Secret? secret = null;
        if (key is not null && _secrets.Resolve(key, out secret) is { } fault)
        {
            problems.Add(EnvironmentOverrides.ProblemPrefix + key.Name, fault);
            return null;
        }

        var declared = new ProviderConfig(profile.Id);
        var endpoints = Endpoints(declared, profile, baseUri, "");
        var credential = new CompiledCredential(secret is null ? null : KeySetCredential.Of(CredentialCompiler.Header(profile, secret)), key);
        return Build(declared, profile, baseUri, credential, endpoints, Headers(declared, profile, ""), _timeouts, "environment");
    }

    private void AddSimulator(List<EffectiveProvider> enabled)
    {
        const string path = "$.simulator.enabled";
        if (config.SimulatorEnabled == false)
        {
            if (enabled.Count == 0)
                problems.Add(path, "turns the simulator off while no other provider is enabled, so nothing could answer; declare a provider, set its conventional environment variable, or remove this");
            return;
        }

        if (config.SimulatorEnabled is null && enabled.Count > 0) return;
        if (inputs.Simulator?.Invoke() is not { } baseUri)
        {
            problems.Add(path, "is needed, but the simulator does not run in this process; enable another provider");
            return;
        }

        // The simulator is a server of the OpenAI dialect like any other.
        var paths = ProviderProfiles.Find("openai-compatible")!.Paths;
        enabled.Add(new EffectiveProvider(
            new ProviderSnapshot
            {
                Id = ProviderProfiles.Simulator,
                Kind = ProviderProfiles.Simulator,
                TelemetryName = ProviderProfiles.Simulator,
                Endpoints = Endpoints(baseUri, paths),
                Timeouts = _timeouts,
            },
            ProviderProfiles.Simulator,
            baseUri,
            ApiKey: null,
            "built-in"));
    }

    private OperationMap<ProviderEndpoint> Endpoints(ProviderConfig declared, ProviderProfile profile, Uri? baseUri, string path)
    {
        var paths = new Dictionary<Operation, string>(profile.Paths);
        foreach (var (operation, written) in declared.Paths)
        {
            if (written is not null) paths[operation] = written;
            else if (!paths.Remove(operation))
                problems.Add(JsonPath.Member(JsonPath.Member(path, "paths"), ProviderProfiles.PathName(operation)), "has no effect: the profile has no such operation anyway; remove it");
        }

        if (paths.Count == 0) problems.Add(JsonPath.Member(path, "paths"), "leaves no operation; keep one, or set enabled to false");
        return baseUri is null ? OperationMap<ProviderEndpoint>.Empty : Endpoints(baseUri, paths);
    }

    private static OperationMap<ProviderEndpoint> Endpoints(Uri baseUri, IEnumerable<KeyValuePair<Operation, string>> paths) =>
        new(paths.Select(p => KeyValuePair.Create(p.Key, new ProviderEndpoint(baseUri, p.Value))));

    private List<KeyValuePair<string, string>> Headers(ProviderConfig declared, ProviderProfile profile, string path)
    {
        var headers = new List<KeyValuePair<string, string>>();
        foreach (var (name, written) in declared.Headers)
        {
            var value = written;
            if (SecretReference.Parse(written) is { } reference)
            {
                if (_secrets.Resolve(reference, out var secret) is { } fault)
                {
                    problems.Add(JsonPath.Member(JsonPath.Member(path, "headers"), name), fault);
                    continue;
                }

                value = secret!.Reveal();
            }

            if (headers.Exists(h => h.Key.Equals(name, StringComparison.OrdinalIgnoreCase)))
                problems.Add(JsonPath.Member(JsonPath.Member(path, "headers"), name), "is the same header as another one in different case; keep one");
            headers.Add(new(name, value));
        }

        foreach (var (name, value) in profile.Headers)
        {
            if (!headers.Exists(h => h.Key.Equals(name, StringComparison.OrdinalIgnoreCase))) headers.Add(new(name, value));
        }

        foreach (var (name, variable) in profile.HeaderVariables)
        {
            if (headers.Exists(h => h.Key.Equals(name, StringComparison.OrdinalIgnoreCase)) || !inputs.Environment.ContainsKey(variable)) continue;
            if (_secrets.Resolve(new SecretReference(false, variable), out var value) is null) headers.Add(new(name, value!.Reveal()));
            else if (inputs.Environment[variable].Length > 0) problems.Add(EnvironmentOverrides.ProblemPrefix + variable, $"cannot be sent as the header {name}; mend it, or unset it");
        }

        return headers;
    }

    private static EffectiveProvider Build(
        ProviderConfig declared, ProviderProfile profile, Uri baseUri, CompiledCredential credential, OperationMap<ProviderEndpoint> endpoints,
        List<KeyValuePair<string, string>> headers, TimeoutPolicy timeouts, string source)
    {
        var snapshot = new ProviderSnapshot
        {
            Id = declared.Id,
            Kind = profile.Id,
            TelemetryName = profile.TelemetryName ?? declared.Id,
            Endpoints = endpoints,
            Credentials = credential.Credentials,
            ExtraHeaders = headers,
            SupportsStreamUsage = declared.SupportsStreamUsage ?? profile.SupportsStreamUsage,
            ReasoningInOutput = profile.ReasoningInOutput,
            Errors = profile.Errors,
            RateLimits = profile.RateLimits,
            Probe = profile.Models is { } models ? EndpointAddress.Join(baseUri, models.Path) : null,
            Residency = declared.Residency,
            Retention = declared.Retention,
            MaxConcurrency = declared.MaxConcurrency,
            Timeouts = timeouts,
        };
        return new EffectiveProvider(snapshot, profile.Id, baseUri, credential.ApiKey, source);
    }
}
