using System.Globalization;

namespace Chaos.Judging;

/// <summary>A limit of the hierarchy under test, as the configuration says it and as design note 004 keeps it.</summary>
/// <param name="Scope">customer, team, user or key.</param>
/// <param name="Owner">The owner's id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Unit">usd, tokens or requests.</param>
/// <param name="Amount">Nano-dollars, tokens or requests.</param>
/// <param name="Window">Its length.</param>
internal sealed record TestedLimit(string Scope, string Owner, string Name, string Unit, long Amount, TimeSpan Window)
{
    /// <summary>Whether the time just past counts instead of windows by the clock.</summary>
    public bool Rolling { get; init; }

    /// <summary>Whether it is a rate limit, otherwise a budget.</summary>
    public bool IsRate { get; init; }

    /// <summary>What happens to a request that does not fit: refuse or clamp.</summary>
    public string WhenExceeded { get; init; } = "refuse";

    /// <summary>What happens while the store is away and nothing is left in hand: refuse or allow.</summary>
    public string WhenUnavailable { get; init; } = "refuse";

    /// <summary>A rolling window's bucket.</summary>
    public TimeSpan Bucket => Window / 60;

    /// <summary>Its id.</summary>
    public string Id => $"{Scope}:{Owner}:{Name}";

    /// <summary>What an entry of the ledger takes from it.</summary>
    public long Charge(LedgerLine entry) => entry.Attempts == 0 ? 0 : Unit switch
    {
        "usd" => entry.CostNanoUsd,
        "tokens" => entry.Tokens,
        _ => 1,
    };

    /// <summary>The beginning of the window that a time falls into; of a rolling one, always the same.</summary>
    public DateTimeOffset StartOf(DateTimeOffset time) => Rolling ? DateTimeOffset.UnixEpoch : new(time.UtcTicks - (time.UtcTicks % Window.Ticks), TimeSpan.Zero);

    /// <summary>The key in the state store of the window with this beginning.</summary>
    public string KeyOf(DateTimeOffset start)
    {
        var unit = Unit switch { "usd" => "NanoUsd", "tokens" => "Tokens", _ => "Requests" };
        var window = Window.TotalHours >= 1 ? $"{Window.TotalHours}Hour" : $"{Window.TotalSeconds}Second";
        var period = Rolling ? "rolling" : start.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        return $"limit:{Id.Replace(":", "@003A", StringComparison.Ordinal)}:{unit}-{window}:{period}";
    }

    /// <summary>The entry in its owner's <c>budgets</c> or <c>rateLimits</c>.</summary>
    public string ToJson()
    {
        var amount = Unit == "usd" ? (Amount / 1_000_000_000m).ToString("0.#########", CultureInfo.InvariantCulture) : Amount.ToString(CultureInfo.InvariantCulture);
        var window = Window.TotalHours >= 1 ? $"{Window.TotalHours}h" : $"{Window.TotalSeconds}s";
        var rest = IsRate ? "" : $$""", "rolling": {{(Rolling ? "true" : "false")}}, "whenExceeded": "{{WhenExceeded}}", "alertAt": [50, 90]""";
        return $$"""{ "name": "{{Name}}", "unit": "{{Unit}}", "amount": {{amount}}, "window": "{{window}}", "whenUnavailable": "{{WhenUnavailable}}"{{rest}} }""";
    }
}
