using System.Text.Json;
using Gateway.Admission.Directory;

namespace Gateway.Configuration.Entities;

/// <summary>Writes entities as the reader reads them. What says nothing is left out.</summary>
internal static class EntityWriter
{
    /// <summary>Writes the members of an entity into an open object, its id first. Never a key's value or hash.</summary>
    public static void WriteMembers(Utf8JsonWriter json, Entity entity)
    {
        json.WriteString("id", entity.Id);
        WriteText(json, "name", entity.Name);
        if (entity.Disabled) json.WriteBoolean("disabled", true);
        WriteParents(json, entity);
        WriteTexts(json, "models", entity.Models);
        WriteTexts(json, "providers", entity.Providers);
        WriteTexts(json, "residency", entity.Residency);
        WriteTexts(json, "retention", entity.Retention);
        WriteLimits(json, entity);
        if (entity.MaxParallel is { } parallel) json.WriteNumber("maxParallel", parallel);
        if (entity.MaxBytesInFlight is { } bytes) json.WriteNumber("maxBytesInFlight", bytes);
        if (entity is Customer { Weight: not 1 and var weight }) json.WriteNumber("weight", weight);
        if (entity is User user) WriteText(json, "login", user.Login);
        if (entity is KeyEntity key) WriteKey(json, key);
        if (entity.Metadata.Count == 0) return;
        json.WriteStartObject("metadata");
        foreach (var (name, text) in entity.Metadata.OrderBy(m => m.Key, StringComparer.Ordinal)) json.WriteString(name, text);
        json.WriteEndObject();
    }

    /// <summary>Writes a moment, in UTC, to the tick.</summary>
    public static void WriteMoment(Utf8JsonWriter json, string name, DateTimeOffset moment) => json.WriteString(name, moment.UtcDateTime);

    private static void WriteParents(Utf8JsonWriter json, Entity entity)
    {
        var (user, team, customer) = entity switch
        {
            KeyEntity key => (key.User, key.Team, key.Customer),
            User person => (null, person.Team, person.Customer),
            Team group => (null, null, group.Customer),
            _ => default((string?, string?, string?)),
        };
        WriteText(json, "user", user);
        WriteText(json, "team", team);
        WriteText(json, "customer", customer);
    }

    private static void WriteKey(Utf8JsonWriter json, KeyEntity key)
    {
        if (key.Expires is { } expires) WriteMoment(json, "expires", expires);
        WriteTexts(json, "allowedNetworks", OrNull(key.AllowedNetworks));
        WriteTexts(json, "routes", key.Routes);
        WriteTexts(json, "tags", OrNull(key.Tags));
        WriteTexts(json, "mcpTools", key.McpTools);
        WriteText(json, "guardrailProfile", key.GuardrailProfile);
        WriteText(json, "cachePolicy", key.CachePolicy);
    }

    private static void WriteLimits(Utf8JsonWriter json, Entity entity)
    {
        if (entity.Budgets.Count > 0)
        {
            json.WriteStartArray("budgets");
            foreach (var budget in entity.Budgets) WriteBudget(json, budget);
            json.WriteEndArray();
        }

        if (entity.RateLimits.Count > 0)
        {
            json.WriteStartArray("rateLimits");
            foreach (var rate in entity.RateLimits) WriteRate(json, rate);
            json.WriteEndArray();
        }
    }

    private static void WriteBudget(Utf8JsonWriter json, BudgetEntry budget)
    {
        var defaults = new BudgetEntry();
        json.WriteStartObject();
        json.WriteString("name", budget.Name);
        json.WriteString("unit", budget.Unit);
        json.WriteNumber("amount", budget.Amount);
        json.WriteString("window", budget.Window);
        if (budget.Rolling) json.WriteBoolean("rolling", true);
        if (budget.TimeZone != defaults.TimeZone) json.WriteString("timeZone", budget.TimeZone);
        WriteTexts(json, "models", OrNull(budget.Models));
        WriteTexts(json, "providers", OrNull(budget.Providers));
        if (budget.WhenExceeded != defaults.WhenExceeded) json.WriteString("whenExceeded", budget.WhenExceeded);
        if (budget.WhenUnavailable != defaults.WhenUnavailable) json.WriteString("whenUnavailable", budget.WhenUnavailable);
        if (budget.AlertAt.Count > 0)
        {
            json.WriteStartArray("alertAt");
            foreach (var percent in budget.AlertAt) json.WriteNumberValue(percent);
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static void WriteRate(Utf8JsonWriter json, RateLimitEntry rate)
    {
        json.WriteStartObject();
        json.WriteString("name", rate.Name);
        json.WriteString("unit", rate.Unit);
        json.WriteNumber("amount", rate.Amount);
        json.WriteString("window", rate.Window);
        WriteTexts(json, "models", OrNull(rate.Models));
        WriteTexts(json, "providers", OrNull(rate.Providers));
        if (rate.WhenUnavailable != new RateLimitEntry().WhenUnavailable) json.WriteString("whenUnavailable", rate.WhenUnavailable);
        json.WriteEndObject();
    }

    private static IReadOnlyList<string>? OrNull(IReadOnlyList<string> texts) => texts.Count == 0 ? null : texts;

    private static void WriteText(Utf8JsonWriter json, string name, string? text)
    {
        if (text is not null) json.WriteString(name, text);
    }

    private static void WriteTexts(Utf8JsonWriter json, string name, IReadOnlyList<string>? texts)
    {
        if (texts is null) return;
        json.WriteStartArray(name);
        foreach (var text in texts) json.WriteStringValue(text);
        json.WriteEndArray();
    }
}
