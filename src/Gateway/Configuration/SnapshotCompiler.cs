using System.Collections.Frozen;
using System.Security.Cryptography;
using Gateway.Admission;
using Gateway.Configuration.Documents;
using Gateway.Providers.Catalogue;
using Gateway.Providers.Profiles;
using Gateway.Routing;
using Gateway.Secrets;

namespace Gateway.Configuration;

/// <summary>Compiles a configuration into a snapshot: secrets fetched, providers reached, names resolved.</summary>
internal sealed class SnapshotCompiler
{
    private readonly GatewayConfig _config;
    private readonly CompileInputs _inputs;
    private readonly ProblemList _problems = new();
    private readonly IReadOnlyList<EffectiveProvider> _effective;
    private readonly List<RoutableProvider> _providers;

    private SnapshotCompiler(GatewayConfig config, CompileInputs inputs)
    {
        _config = config;
        _inputs = inputs;
        _effective = new ProviderCompiler(config, inputs, _problems).Compile();
        _providers = [.. _effective.Select(p => new RoutableProvider(p.Snapshot, p.Type))];
    }

    /// <summary>Compiles.</summary>
    public static CompileResult Compile(GatewayConfig config, CompileInputs inputs)
    {
        var compiler = new SnapshotCompiler(config, inputs);
        var snapshot = compiler.Compile();
        var problems = compiler._problems.Items;
        return new CompileResult(problems.Count == 0 ? snapshot : null, problems, compiler._effective);
    }

    private GatewaySnapshot Compile()
    {
        var targets = new TargetFactory(_inputs.Catalogue, Overrides());
        var named = new List<RouteSnapshot>();
        foreach (var route in _config.Routes)
        {
            if (Route(route, targets) is { } compiled) named.Add(compiled);
        }

        var models = new ModelDirectory(named, _providers, targets, _config.UnknownPrice);
        return new GatewaySnapshot
        {
            Epoch = _inputs.Epoch,
            Providers = _effective.ToFrozenDictionary(p => p.Snapshot.Id, p => p.Snapshot),
            Models = models,
            Keys = Keys(models),
            Limits = _config.Limits,
        };
    }

    private Dictionary<string, ModelCard> Overrides()
    {
        var cards = new Dictionary<string, ModelCard>();
        foreach (var model in _config.Models)
        {
            var address = $"{model.Provider}/{model.Model}";
            if (Provider(model.Provider, JsonPath.Member("$.models", address)) is not { } provider) continue;
            var known = _inputs.Catalogue.Find(provider.CatalogueName, model.Model);
            cards[address] = new ModelCard(model.Provider, model.Model, model.Mode ?? known?.Mode ?? "chat")
            {
                Price = model.Price ?? known?.Price,
                ContextWindow = model.ContextWindow ?? known?.ContextWindow,
                MaxOutput = model.MaxOutput ?? known?.MaxOutput,
                Capabilities = known?.Capabilities ?? [],
            };
        }

        return cards;
    }

    private RouteSnapshot? Route(RouteConfig route, TargetFactory factory)
    {
        var path = JsonPath.Member(JsonPath.Member("$.routes", route.Name), "targets");
        var targets = new List<TargetSnapshot>();
        for (var i = 0; i < route.Targets.Count; i++)
        {
            var address = route.Targets[i];
            var slash = address.IndexOf('/', StringComparison.Ordinal);
            if (slash > 0 && slash < address.Length - 1 && Provider(address[..slash], JsonPath.Item(path, i)) is { } provider)
            {
                var target = factory.Create(provider, address[(slash + 1)..], route.UnknownPrice ?? _config.UnknownPrice);
                if (target.LacksKey) _problems.Add(JsonPath.Item(path, i), $"needs a key for this model, and those of the provider \"{target.Provider.Id}\" are for others; add the model to one of its keys");
                targets.Add(target);
            }
        }

        return targets.Count == 0
            ? null
            : new RouteSnapshot { Name = route.Name, Targets = targets, Strict = route.Strict, Timeouts = route.Timeouts.Over(targets[0].Provider.Timeouts) };
    }

    private RoutableProvider? Provider(string id, string path)
    {
        if (_providers.Find(p => p.Snapshot.Id == id) is { } provider) return provider;
        if (_config.Providers.FirstOrDefault(p => p.Id == id) is { } declared)
        {
            // One that is declared and on, but could not be compiled, is reported where it is declared.
            if (!declared.Enabled) _problems.Add(path, $"names the provider \"{id}\", which is declared but disabled; enable it, or remove this");
        }
        else if (id == ProviderProfiles.Simulator)
        {
            if (_inputs.Simulator is not null) _problems.Add(path, "names the simulator, which is off; write \"simulator\": { \"enabled\": true }");
        }
        else if (ProviderProfiles.Find(id) is { } profile)
        {
            var variables = profile.Credential.Required ? profile.Credential.Variables : profile.BaseUrlVariables;
            var advice = variables.Count > 0 ? $"set {variables[0]}, or declare it under providers" : "declare it under providers";
            _problems.Add(path, $"names the provider \"{id}\", which is not enabled; {advice}");
        }
        else
        {
            _problems.Add(path, $"names the provider \"{id}\", which does not exist{Suggestion.For(id, _providers.Select(p => p.Snapshot.Id))}; declare it under providers");
        }

        return null;
    }

    private List<VirtualKey> Keys(ModelDirectory models)
    {
        var secrets = new SecretResolver(_inputs.Environment, _config.BaseDirectory, _inputs.Vault);
        var keys = new List<VirtualKey>();
        for (var i = 0; i < _config.Keys.Count; i++)
        {
            var (key, path) = (_config.Keys[i], JsonPath.Item("$.keys", i));
            CheckModels(key, path, models);
            var hash = key.Hash;
            if (key.Value is not null)
            {
                if (secrets.Resolve(key.Value, out var value) is { } fault) _problems.Add(JsonPath.Member(path, "value"), fault);
                else hash = _inputs.HashKey(value!.Reveal());
            }

            if (hash is null) continue;
            if (keys.Find(k => CryptographicOperations.FixedTimeEquals(k.Hash, hash)) is { } same)
                _problems.Add(path, $"is the same key as \"{same.Id}\"; each id needs a key of its own");
            keys.Add(new VirtualKey { Id = key.Id, Name = key.Name ?? key.Id, Hash = hash, Models = key.Models, Disabled = key.Disabled });
        }

        return keys;
    }

    private void CheckModels(KeyConfig key, string path, ModelDirectory models)
    {
        // While other names are broken, what answers to a name cannot be judged.
        if (_problems.Items.Count > 0) return;
        for (var i = 0; i < key.Models.Count; i++)
        {
            if (!key.Models[i].AsSpan().ContainsAny('*', '?') && models.Resolve(key.Models[i]) is null)
                _problems.Add(JsonPath.Item(JsonPath.Member(path, "models"), i), $"names \"{key.Models[i]}\", to which nothing answers; name a route, a \"provider/model\" or a glob");
        }
    }
}
