using System.Text.Json;
using Gateway.Configuration.Documents;
using Gateway.Configuration.Settings;
using Gateway.Providers.Credentials.Entra;
using Gateway.Secrets;

namespace Gateway.Configuration;

/// <summary>Turns the credentials of a provider into records, as <see cref="ConfigBinder"/> does the rest.</summary>
internal static class CredentialBinder
{
    /// <summary>Binds <c>keys</c>; null when it is not written.</summary>
    public static IReadOnlyList<ProviderKeyConfig>? Keys(ConfigNode? node) => node is null ? null : [.. node.Items.Select(Key)];

    /// <summary>Binds <c>credential</c>; null when it is not written, or not an object.</summary>
    public static CredentialConfig? Credential(ConfigNode? node) => node is not { Kind: JsonValueKind.Object } ? null : new CredentialConfig
    {
        Aws = Section(node.Find("aws")) is { } aws ? Aws(aws) : null,
        Google = Section(node.Find("google")) is { } google ? Google(google) : null,
        Entra = Section(node.Find("entra")) is { } entra ? Entra(entra) : null,
    };

    private static ProviderKeyConfig Key(ConfigNode node) => new(Reference(node.Find("key")))
    {
        Id = Text(node.Find("id")),
        Weight = NumberShape.Read(node.Find("weight")) is { } weight and >= 1 and <= CredentialSettings.LargestWeight ? (int)weight : 1,
        Models = [.. (node.Find("models")?.Items ?? []).Select(Text).OfType<string>()],
    };

    private static AwsCredentialConfig Aws(ConfigNode node) => new()
    {
        Source = Text(node.Find("source")),
        Region = Text(node.Find("region"), TextRules.Region),
        AccessKeyId = Reference(node.Find("accessKeyId")),
        SecretAccessKey = Reference(node.Find("secretAccessKey")),
        SessionToken = Reference(node.Find("sessionToken")),
        RoleArn = Text(node.Find("roleArn"), TextRules.RoleArn),
    };

    private static GoogleCredentialConfig Google(ConfigNode node) => new()
    {
        CredentialsFile = Text(node.Find("credentialsFile")),
        CredentialsJson = Reference(node.Find("credentialsJson")),
    };

    private static EntraCredentialConfig Entra(ConfigNode node) => new()
    {
        Source = Enum.TryParse<EntraSource>(Text(node.Find("source")), ignoreCase: true, out var source) ? source : null,
        TenantId = Text(node.Find("tenantId")),
        ClientId = Text(node.Find("clientId")),
        ClientSecret = Reference(node.Find("clientSecret")),
        Scope = Text(node.Find("scope")),
    };

    private static ConfigNode? Section(ConfigNode? node) => node is { Kind: JsonValueKind.Object } ? node : null;

    private static string? Text(ConfigNode? node, TextRule rule) => Text(node) is { } text && rule.Fault(text) is null ? text : null;

    private static string? Text(ConfigNode? node) => node is { Kind: JsonValueKind.String } ? node.Text : null;

    private static SecretReference? Reference(ConfigNode? node) => Text(node) is { } text ? SecretReference.Parse(text) : null;
}
