using System.Collections.Frozen;
using Gateway.Admission.Directory;
using Gateway.Configuration.Documents;
using Gateway.Configuration.Entities;
using Gateway.Configuration.Login;
using Gateway.Configuration.Routes;
using Gateway.Configuration.Rules;
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
    private readonly ProviderCompiler _compiler;
    private readonly IReadOnlyList<EffectiveProvider> _effective;
    private readonly List<RoutableProvider> _providers;

    private SnapshotCompiler(GatewayConfig config, CompileInputs inputs)
    {
        _config = config;
        _inputs = inputs;
        _compiler = new ProviderCompiler(config, inputs, _problems);
        _effective = _compiler.Compile();
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
        var targets = new TargetFactory(_inputs.Catalogue, Overrides(), _inputs.Targets);
        var named = new List<RouteSnapshot>();
        var routes = new RouteCompiler(_config, _compiler, targets, Provider, _problems);
        foreach (var route in _config.Routes)
        {
            if (routes.Compile(route) is { } compiled) named.Add(compiled);
        }

        var models = new ModelDirectory(named, _providers, targets, _config.UnknownPrice);
        return new GatewaySnapshot
        {
            Epoch = _inputs.Epoch,
            Providers = _effective.ToFrozenDictionary(p => p.Snapshot.Id, p => p.Snapshot),
            Models = models,
            Rules = new RuleCompiler(_config, named, targets, _providers, _inputs.Targets, Provider, _problems).Compile(),
            Entities = Entities(models),
            Login = Login(),
            SemanticIndexKey = SemanticIndexKey(),
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
                Units = model.Price is null ? known?.Units : null,
                ContextWindow = model.ContextWindow ?? known?.ContextWindow,
                MaxOutput = model.MaxOutput ?? known?.MaxOutput,
                Capabilities = known?.Capabilities ?? [],
            };
        }

        return cards;
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

    private List<EntityRecord> Entities(ModelDirectory models)
    {
        CheckNames(models);
        var secrets = new SecretResolver(_inputs.Environment, _config.BaseDirectory, _inputs.Vault);
        var owners = new Dictionary<string, string>(StringComparer.Ordinal);
        var entities = new List<EntityRecord>();
        foreach (var (path, entity) in EntityReferences.All(_config))
        {
            if (entity is not KeyEntity) entities.Add(new EntityRecord(EntityKinds.Of(entity), entity, 0));
        }

        for (var i = 0; i < _config.Keys.Count; i++)
        {
            var (key, path) = (_config.Keys[i], JsonPath.Item("$.keys", i));
            var hashes = key.Entity.Hashes;
            if (key.Value is not null)
            {
                if (secrets.Resolve(key.Value, out var value) is { } fault) _problems.Add(JsonPath.Member(path, "value"), fault);
                else hashes = [new KeyHash(_inputs.HashKey(value!.Reveal()))];
            }

            if (hashes.Count == 0) continue;
            if (!owners.TryAdd(Convert.ToHexString(hashes[0].Hash), key.Entity.Id))
                _problems.Add(path, $"is the same key as \"{owners[Convert.ToHexString(hashes[0].Hash)]}\"; each id needs a key of its own");
            entities.Add(new EntityRecord(EntityKind.Key, key.Entity with { Hashes = hashes }, 0));
        }

        return entities;
    }

    private LoginSnapshot? Login()
    {
        if (_config.Login is not { } login) return null;
        Secret? secret = null;
        if (login.Oidc?.ClientSecret is { } reference
            && new SecretResolver(_inputs.Environment, _config.BaseDirectory, _inputs.Vault).Resolve(reference, out secret) is { } fault)
            _problems.Add("$.login.oidc.clientSecret", fault);
        return new LoginSnapshot(login, secret);
    }

    private Secret? SemanticIndexKey()
    {
        var index = _config.SemanticIndex;
        if (index.IsQdrant && !_inputs.IndexStores.Contains(SemanticIndexConfig.Qdrant))
            _problems.Add("$.semanticIndex.store", "asks for Qdrant, which this build of the gateway does not have; the container image has it, and so has a build with -p:WithQdrant=true");
        Secret? secret = null;
        if (index.ApiKey is { } reference && new SecretResolver(_inputs.Environment, _config.BaseDirectory, _inputs.Vault).Resolve(reference, out secret) is { } fault)
            _problems.Add("$.semanticIndex.apiKey", fault);
        return secret;
    }

    private void CheckNames(ModelDirectory models)
    {
        // While other names are broken, what answers to a name cannot be judged.
        if (_problems.Items.Count > 0) return;
        var names = new NameChecker(models, _config, _providers, _problems);
        foreach (var (path, entity) in EntityReferences.All(_config)) names.Check(entity, path);
    }
}
