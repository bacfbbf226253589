using System.Text.Json;
using Gateway.Providers.Credentials;
using Gateway.Providers.Credentials.Aws;
using Gateway.Providers.Credentials.Entra;
using Gateway.Providers.Credentials.Google;

namespace Gateway.Configuration;

/// <summary>Writes what proves the gateway to a provider, as part of <see cref="EffectiveConfiguration"/>: where it is kept, never what it is.</summary>
internal static class EffectiveCredential
{
    /// <summary>Writes it; nothing when the provider takes nothing.</summary>
    public static void Write(Utf8JsonWriter json, EffectiveProvider provider, ProviderConfig? declared)
    {
        if (provider.ApiKey is { } key) json.WriteString("apiKey", $"{key} (set)");
        if (provider.Snapshot.Credentials is not { } credentials) return;
        if (declared?.Keys is { } keys) WriteKeys(json, keys);
        switch (credentials.Keys[0].Credential)
        {
            case SigV4Credential aws:
                WriteKind(json, "aws", aws.Origin, aws.Region);
                break;
            case GoogleTokenCredential google:
                WriteKind(json, "google", google.Origin);
                break;
            case EntraCredential entra:
                WriteKind(json, "entra", entra.Origin);
                break;
        }
    }

    private static void WriteKeys(Utf8JsonWriter json, IReadOnlyList<ProviderKeyConfig> keys)
    {
        json.WriteStartArray("keys");
        for (var i = 0; i < keys.Count; i++)
        {
            json.WriteStartObject();
            json.WriteString("id", CredentialRules.IdOf(keys, i));
            json.WriteString("key", $"{keys[i].Key} (set)");
            json.WriteNumber("weight", keys[i].Weight);
            json.WriteStartArray("models");
            foreach (var model in keys[i].Models.DefaultIfEmpty("*")) json.WriteStringValue(model);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteKind(Utf8JsonWriter json, string kind, CredentialOrigin origin, string? region = null)
    {
        json.WriteStartObject("credential");
        json.WriteStartObject(kind);
        json.WriteString("from", origin.Source);
        if (region is not null) json.WriteString("region", region);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
