using System.Text.Json.Serialization;

namespace Gateway.Metering;

/// <summary>What ledger entries have in common that are summed up together.</summary>
/// <param name="Customer">The customer's id, or null.</param>
/// <param name="Team">The team's id, or null.</param>
/// <param name="User">The user's id, or null.</param>
/// <param name="Key">The virtual key's id.</param>
/// <param name="Provider">The provider that answered; empty when none was reached.</param>
/// <param name="Model">The model as the client wrote it; empty when no provider was called, because then it may be any text.</param>
/// <param name="Target">The model the provider was asked for; empty likewise.</param>
/// <param name="Operation">What was asked, as in <see cref="LedgerEntry.Operation"/>.</param>
/// <param name="Reached">Whether a provider was called.</param>
internal sealed record UsageSeries(
    string? Customer, string? Team, string? User, string Key, string Provider, string Model, string Target, string Operation, bool Reached)
{
    /// <summary>The model that stands for all those for which there was no room.</summary>
    public const string OtherModels = "(other)";

    /// <summary>The series of an entry.</summary>
    public static UsageSeries Of(LedgerEntry entry)
    {
        var reached = entry.Attempts > 0;
        return new(
            entry.CustomerId, entry.TeamId, entry.UserId, entry.KeyId, entry.Provider,
            reached ? entry.RequestedModel : "", reached ? entry.TargetModel : "", entry.Operation, reached);
    }

    /// <summary>The series of an entry for whose own one there is no room.</summary>
    public UsageSeries Fold() => this with { Model = OtherModels, Target = "" };

    /// <summary>Whether it stands for several models.</summary>
    [JsonIgnore]
    public bool IsFolded => Model == OtherModels && Target.Length == 0;
}
