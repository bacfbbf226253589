using System.Collections.Frozen;
using Gateway.Admission.Directory;
using Gateway.Configuration.Login;
using Gateway.Providers;
using Gateway.Routing;
using Gateway.Routing.Rules;
using Gateway.Secrets;

namespace Gateway.Configuration;

/// <summary>A whole configuration, compiled and immutable. A request holds one snapshot to its end.</summary>
internal sealed class GatewaySnapshot
{
    /// <summary>Grows by one with each swap in this process.</summary>
    public required long Epoch { get; init; }

    /// <summary>Enabled providers by id.</summary>
    public required FrozenDictionary<string, ProviderSnapshot> Providers { get; init; }

    /// <summary>Model names to routes.</summary>
    public required IModelDirectory Models { get; init; }

    /// <summary>What decides where requests go besides their route; null: nothing.</summary>
    public RuleBook? Rules { get; init; }

    /// <summary>Customers, teams, users and keys declared in configuration (others are kept in the directory's journal).</summary>
    public IReadOnlyList<EntityRecord> Entities { get; init; } = [];

    /// <summary>Who may log in; null: nobody.</summary>
    public LoginSnapshot? Login { get; init; }

    /// <summary>What proves the gateway to the semantic index; null: nothing.</summary>
    public Secret? SemanticIndexKey { get; init; }

    /// <summary>Process-wide limits.</summary>
    public required LimitsSnapshot Limits { get; init; }
}
