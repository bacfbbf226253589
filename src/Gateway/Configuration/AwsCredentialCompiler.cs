using Gateway.Configuration.Documents;
using Gateway.Configuration.Settings;
using Gateway.Providers.Credentials;
using Gateway.Providers.Credentials.Aws;
using Gateway.Secrets;

namespace Gateway.Configuration;

/// <summary>Finds out, in the order in which AWS's own SDKs look, where AWS credentials come from.</summary>
internal sealed class AwsCredentialCompiler(CredentialServices services, SecretResolver secrets, ProblemList problems)
{
    private const string BedrockService = "bedrock";
    private const string KeyIdVariable = "AWS_ACCESS_KEY_ID", SecretVariable = "AWS_SECRET_ACCESS_KEY", TokenVariable = "AWS_SESSION_TOKEN";
    private const string RoleVariable = "AWS_ROLE_ARN", SessionVariable = "AWS_ROLE_SESSION_NAME";
    private static readonly string[] RegionVariables = ["AWS_REGION", "AWS_DEFAULT_REGION"];

    /// <summary>Compiles; null, with problems, when it can't be done.</summary>
    /// <param name="aws">What is declared.</param>
    /// <param name="provider">The provider's id.</param>
    /// <param name="baseUri">The provider's address, which may tell the region.</param>
    /// <param name="path">JSON path of the section.</param>
    public IProviderCredential? Compile(AwsCredentialConfig aws, string provider, Uri? baseUri, string path)
    {
        if (Region(aws, baseUri, path) is not { } region || Source(aws, provider, region, path) is not var (source, origin)) return null;
        if (aws.RoleArn is { } role && !IsWebIdentityRole(aws, source))
        {
            if (Sts(region) is not { } sts) return null;
            source = new AssumeRoleSource(origin, sts, region, source, role, Session, services);
        }

        return new SigV4Credential(origin, source, region, BedrockService, services);
    }

    private string Session => services.Variable(SessionVariable) ?? "ai-gateway";

    // With a token but no role in the environment, the declared role is the one that the token is exchanged for.
    private bool IsWebIdentityRole(AwsCredentialConfig aws, IAwsCredentialSource source) =>
        source is WebIdentitySource && (services.Variable(RoleVariable) is not { } role || role == aws.RoleArn);

    private string? Region(AwsCredentialConfig aws, Uri? baseUri, string path)
    {
        if (aws.Region is not null) return aws.Region;
        if (baseUri?.Host.Split('.') is [_, var inHost, "amazonaws", ..] && TextRules.Region.Fault(inHost) is null) return inHost;
        foreach (var name in RegionVariables)
        {
            if (services.Variable(name) is not { } region) continue;
            if (TextRules.Region.Fault(region) is not { } fault) return region;
            problems.Add(EnvironmentOverrides.ProblemPrefix + name, fault);
            return null;
        }

        problems.Add(JsonPath.Member(path, "region"), $"is missing and {RegionVariables[0]} is not set; write {TextRules.Region.Expected}");
        return null;
    }

    private (IAwsCredentialSource Source, CredentialOrigin Origin)? Source(AwsCredentialConfig aws, string provider, string region, string path)
    {
        var wanted = aws.Source ?? First(aws);
        IAwsCredentialSource? source;
        switch (wanted)
        {
            case "static":
                source = Fixed(Secret(aws.AccessKeyId, path, "accessKeyId"), Secret(aws.SecretAccessKey, path, "secretAccessKey"), aws.SessionToken is null ? null : Secret(aws.SessionToken, path, "sessionToken"));
                return Named("the access key in the configuration");
            case "environment":
                source = Fixed(Variable(KeyIdVariable), Variable(SecretVariable), services.Variable(TokenVariable) is null ? null : Variable(TokenVariable));
                return Named("the access key in the environment");
            case "webIdentity":
                var origin = new CredentialOrigin(provider, "the web identity exchange at STS");
                source = WebIdentity(aws, origin, region, path);
                return source is null ? null : (source, origin);
            case "container":
                Report(ContainerSource.Create(provider, services, out source));
                return Named("the container credentials endpoint");
            case "instance":
                Report(InstanceSource.Create(provider, services, out source));
                return Named("the instance metadata service");
            default:
                problems.Add(path, $"finds no AWS credentials: {InstanceSource.DisabledVariable} is true and nothing else is there; set {KeyIdVariable} and {SecretVariable}, or write accessKeyId and secretAccessKey");
                return null;
        }

        (IAwsCredentialSource, CredentialOrigin)? Named(string name) => source is null ? null : (source, new CredentialOrigin(provider, name));
    }

    private string? First(AwsCredentialConfig aws) =>
        aws.AccessKeyId is not null || aws.SecretAccessKey is not null ? "static"
        : services.Variable(KeyIdVariable) is not null ? "environment"
        : services.Variable(WebIdentitySource.FileVariable) is not null && (services.Variable(RoleVariable) ?? aws.RoleArn) is not null ? "webIdentity"
        : services.Variable(ContainerSource.RelativeVariable) is not null || services.Variable(ContainerSource.FullVariable) is not null ? "container"
        : string.Equals(services.Variable(InstanceSource.DisabledVariable), "true", StringComparison.OrdinalIgnoreCase) ? null
        : "instance";

    private WebIdentitySource? WebIdentity(AwsCredentialConfig aws, CredentialOrigin origin, string region, string path)
    {
        var file = services.Variable(WebIdentitySource.FileVariable);
        var role = services.Variable(RoleVariable) ?? aws.RoleArn;
        if (file is null) problems.Add(JsonPath.Member(path, "source"), $"needs {WebIdentitySource.FileVariable}, which is not set; set it, or choose another source");
        if (role is null) problems.Add(JsonPath.Member(path, "roleArn"), $"is missing and {RoleVariable} is not set; write {TextRules.RoleArn.Expected}");
        return file is null || role is null || Sts(region) is not { } sts ? null : new WebIdentitySource(origin, sts, file, role, Session);
    }

    private Uri? Sts(string region)
    {
        var fault = StsEndpoint.Find(services, region, out var uri);
        Report(fault);
        return fault is null ? uri : null;
    }

    // These say which variable is at fault with their first word.
    private void Report(string? fault)
    {
        if (fault is null) return;
        var space = fault.IndexOf(' ', StringComparison.Ordinal);
        problems.Add(EnvironmentOverrides.ProblemPrefix + fault[..space], fault[(space + 1)..]);
    }

    private static FixedAwsSource? Fixed(Secret? id, Secret? secret, Secret? token) =>
        id is null || secret is null ? null : new FixedAwsSource(new AwsCredentials(id.Reveal(), secret, token));

    private Secret? Variable(string name)
    {
        if (secrets.Resolve(new SecretReference(false, name), out var secret) is { } fault) problems.Add(EnvironmentOverrides.ProblemPrefix + name, fault);
        return secret;
    }

    private Secret? Secret(SecretReference? reference, string path, string name)
    {
        if (reference is null) return null; // reported by the rules
        if (secrets.Resolve(reference, out var secret) is { } fault) problems.Add(JsonPath.Member(path, name), fault);
        return secret;
    }
}
