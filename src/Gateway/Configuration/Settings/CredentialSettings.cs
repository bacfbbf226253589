namespace Gateway.Configuration.Settings;

/// <summary>The settings that say what proves the gateway to a provider.</summary>
internal static class CredentialSettings
{
    /// <summary>Largest weight of a key.</summary>
    public const int LargestWeight = 1_000;

    /// <summary>One of a provider's keys.</summary>
    public static ObjectShape Key() => new(
        new Setting("key", new TextShape(TextRules.SecretReference), "Where the key is kept: \"env:NAME\", \"file:PATH\" (relative to this file) or \"secret:NAME\".") { Required = true },
        new Setting("id", new TextShape(TextRules.Id), "Its name in logs. Default: \"key-1\", \"key-2\" and so on."),
        new Setting("weight", new NumberShape(1, LargestWeight), "Its share of the requests, relative to the other keys that serve the same model.") { Default = "1" },
        new Setting("models", new ListShape(new TextShape(TextRules.ProviderModelGlob), 1), "Globs (* and ?) over the provider's model ids that this key serves. Default: all."));

    /// <summary>What proves the gateway instead of a key.</summary>
    public static ObjectShape Credential() => new(
        new Setting("aws", Aws(), "AWS Signature Version 4."),
        new Setting("google", Google(), "Google Cloud. Without settings: GOOGLE_APPLICATION_CREDENTIALS, else the metadata server."),
        new Setting("entra", Entra(), "Microsoft Entra ID."))
    {
        ExactlyOneOf = ["aws", "google", "entra"],
    };

    private static ObjectShape Aws() => new(
        new Setting("source", new TextShape(TextRule.OneOf("static", "environment", "webIdentity", "container", "instance")), "Where credentials come from. Default: the first of these that is there."),
        new Setting("region", new TextShape(TextRules.Region), "The region to sign for. Default: the one in baseUrl, else AWS_REGION or AWS_DEFAULT_REGION."),
        new Setting("accessKeyId", new TextShape(TextRules.SecretReference), "Where the access key id is kept."),
        new Setting("secretAccessKey", new TextShape(TextRules.SecretReference), "Where the secret access key is kept."),
        new Setting("sessionToken", new TextShape(TextRules.SecretReference), "Where the session token of temporary credentials is kept."),
        new Setting("roleArn", new TextShape(TextRules.RoleArn), "A role to take on with those credentials."));

    private static ObjectShape Google() => new(
        new Setting("credentialsFile", new TextShape(TextRules.Text), "A file with a service account's key or a workload identity federation, relative to this file."),
        new Setting("credentialsJson", new TextShape(TextRules.SecretReference), "Where that JSON itself is kept."))
    {
        NotBoth = ("credentialsFile", "credentialsJson"),
    };

    private static ObjectShape Entra() => new(
        new Setting("source", new TextShape(TextRule.OneOf("managedIdentity", "workloadIdentity", "clientSecret", "azureCli")), "Where tokens come from. Default: clientSecret when it is written, workloadIdentity when AZURE_FEDERATED_TOKEN_FILE is set, else managedIdentity."),
        new Setting("tenantId", new TextShape(TextRules.Text), "The tenant. Default: AZURE_TENANT_ID."),
        new Setting("clientId", new TextShape(TextRules.Text), "The application, or the user-assigned identity. Default: AZURE_CLIENT_ID."),
        new Setting("clientSecret", new TextShape(TextRules.SecretReference), "Where the application's secret is kept."),
        new Setting("scope", new TextShape(TextRules.Text), "What tokens are for.") { Default = "\"https://cognitiveservices.azure.com/.default\"" });
}
