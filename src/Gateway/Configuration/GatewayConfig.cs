using Gateway.Admission.Directory;
using Gateway.Configuration.Login;
using Gateway.Configuration.Routes;
using Gateway.Configuration.Rules;
using Gateway.Routing;
using Gateway.Secrets;

namespace Gateway.Configuration;

/// <summary>gateway.json as written, with environment overrides applied and defaults filled in.</summary>
internal sealed record GatewayConfig
{
    /// <summary>Where the gateway listens and keeps its data.</summary>
    public ServerConfig Server { get; init; } = new();

    /// <summary>Process-wide bounds; they compile to themselves.</summary>
    public LimitsSnapshot Limits { get; init; } = new();

    /// <summary>Waiting limits common to all providers.</summary>
    public TimeoutsConfig Timeouts { get; init; } = new();

    /// <summary>Declared providers in the order written.</summary>
    public IReadOnlyList<ProviderConfig> Providers { get; init; } = [];

    /// <summary>Whether the simulator is on; null: when nothing else is.</summary>
    public bool? SimulatorEnabled { get; init; }

    /// <summary>Named routes in the order written.</summary>
    public IReadOnlyList<RouteConfig> Routes { get; init; } = [];

    /// <summary>Rules for all routes, in order.</summary>
    public IReadOnlyList<RuleConfig> Rules { get; init; } = [];

    /// <summary>Prices and limits that override the catalogue.</summary>
    public IReadOnlyList<ModelConfig> Models { get; init; } = [];

    /// <summary>What to do with unknown prices where a route does not say.</summary>
    public UnknownPricePolicy UnknownPrice { get; init; }

    /// <summary>Declared customers.</summary>
    public IReadOnlyList<Customer> Customers { get; init; } = [];

    /// <summary>Declared teams.</summary>
    public IReadOnlyList<Team> Teams { get; init; } = [];

    /// <summary>Declared users.</summary>
    public IReadOnlyList<User> Users { get; init; } = [];

    /// <summary>Declared virtual keys.</summary>
    public IReadOnlyList<KeyConfig> Keys { get; init; } = [];

    /// <summary>Who may log in; null: nobody, and only keys are accepted.</summary>
    public LoginConfig? Login { get; init; }

    /// <summary>How durably replies are recorded.</summary>
    public LedgerConfig Ledger { get; init; } = new();

    /// <summary>Who runs jobs.</summary>
    public JobsConfig Jobs { get; init; } = new();

    /// <summary>What is logged and how.</summary>
    public LoggingConfig Logging { get; init; } = new();

    /// <summary>Metrics.</summary>
    public TelemetryConfig Telemetry { get; init; } = new();

    /// <summary>Where shared state is kept.</summary>
    public StateConfig State { get; init; } = new();

    /// <summary>Where events go.</summary>
    public EventsConfig Events { get; init; } = new();

    /// <summary>Where secrets of the vault are kept.</summary>
    public SecretsConfig Secrets { get; init; } = new();

    /// <summary>Where vectors of requests are kept.</summary>
    public SemanticIndexConfig SemanticIndex { get; init; } = new();

    /// <summary>The directory of the file: what relative <c>file:</c> references are relative to.</summary>
    public string BaseDirectory { get; init; } = Environment.CurrentDirectory;

    /// <summary>The full paths of every file that a secret is kept in, in a fixed order.</summary>
    public IReadOnlyList<string> SecretFiles =>
        [.. References.Where(reference => reference is { IsFile: true }).Select(reference => Path.GetFullPath(reference!.Name, BaseDirectory))];

    /// <summary>The names of every secret of the vault that is needed.</summary>
    public IReadOnlyList<string> VaultSecrets =>
        [.. References.Where(reference => reference is { IsVault: true }).Select(reference => reference!.Name).Distinct(StringComparer.Ordinal)];

    private IEnumerable<SecretReference?> References =>
        Providers.SelectMany(p => p.SecretReferences)
            .Concat(Providers.SelectMany(p => p.Headers).Select(h => SecretReference.Parse(h.Value)))
            .Concat(Keys.Select(k => k.Value))
            .Append(Login?.Oidc?.ClientSecret)
            .Append(SemanticIndex.ApiKey);
}
