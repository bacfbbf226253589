using System.Text.Json;
using Gateway.Secrets;
using Google.Apis.Auth.OAuth2;

namespace Gateway.Providers.Credentials.Google;

/// <summary>Makes credentials for Google Cloud.</summary>
internal static class GoogleCredentials
{
    /// <summary>Names a file with credentials.</summary>
    public const string FileVariable = "GOOGLE_APPLICATION_CREDENTIALS";

    private static readonly string[] Types = ["service_account", "external_account", "authorized_user", "impersonated_service_account"];

    /// <summary>From the JSON that Google hands out: a service account's key, or a workload identity federation's description.</summary>
    /// <param name="provider">The provider's id.</param>
    /// <param name="json">The JSON.</param>
    /// <param name="services">The clock.</param>
    /// <param name="credential">The credential.</param>
    /// <returns>Null when it was made, otherwise what is wrong; nothing of the JSON is repeated.</returns>
    public static string? FromJson(string provider, Secret json, CredentialServices services, out IProviderCredential? credential)
    {
        credential = null;
        if (TypeOf(json) is not { } type || !Types.Contains(type))
            return $"must be a JSON object as Google hands it out, with \"type\" one of {string.Join(", ", Types)}";
        try
        {
            Create();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return $"is a {type} that can't be used; fetch a new one from Google";
        }

        credential = new GoogleTokenCredential(new CredentialOrigin(provider, Name(type)), Create, services);
        return null;

        ITokenAccess Create() => CredentialFactory.FromJson(json.Reveal(), type).CreateScoped(GoogleTokenCredential.Scope);
    }

    /// <summary>From the metadata server of Google's own machines and clusters.</summary>
    public static IProviderCredential FromMetadata(string provider, CredentialServices services) => new GoogleTokenCredential(
        new CredentialOrigin(provider, "Google's metadata server"),
        static () => GoogleCredential.FromComputeCredential().CreateScoped(GoogleTokenCredential.Scope),
        services);

    private static string Name(string type) => type switch
    {
        "service_account" => "the Google service account",
        "external_account" => "Google's workload identity federation",
        "impersonated_service_account" => "the impersonated Google service account",
        _ => "the Google user credential",
    };

    private static string? TypeOf(Secret json)
    {
        try
        {
            using var document = JsonDocument.Parse(json.Reveal());
            return document.RootElement is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String
                ? type.GetString()
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
