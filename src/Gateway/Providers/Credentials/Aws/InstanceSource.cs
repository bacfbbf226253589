using System.Text;

namespace Gateway.Providers.Credentials.Aws;

/// <summary>The instance metadata service of EC2, version 2: with a session token, never without.</summary>
internal sealed class InstanceSource : IAwsCredentialSource
{
    /// <summary>Switches the source off when it is <c>true</c>.</summary>
    public const string DisabledVariable = "AWS_EC2_METADATA_DISABLED";

    private const string EndpointVariable = "AWS_EC2_METADATA_SERVICE_ENDPOINT", ModeVariable = "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE";
    private const string Roles = "/latest/meta-data/iam/security-credentials/";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    private readonly CredentialOrigin _origin;
    private readonly Uri _base;

    private InstanceSource(CredentialOrigin origin, Uri address) => (_origin, _base) = (origin, address);

    /// <summary>Makes the source.</summary>
    /// <returns>Null when it was made, otherwise what is wrong with a variable.</returns>
    public static string? Create(string provider, CredentialServices services, out IAwsCredentialSource? source)
    {
        source = null;
        var usual = string.Equals(services.Variable(ModeVariable), "IPv6", StringComparison.OrdinalIgnoreCase) ? "http://[fd00:ec2::254]" : "http://169.254.169.254";
        if (EndpointAddress.Parse(services.Variable(EndpointVariable) ?? usual, out var uri) is { } fault)
            return $"{EndpointVariable} {fault}";
        source = new InstanceSource(new CredentialOrigin(provider, "the instance metadata service"), uri!);
        return null;
    }

    public async Task<AwsCredentials> FetchAsync(CancellationToken cancellation)
    {
        var token = await CallAsync(HttpMethod.Put, "/latest/api/token", "X-aws-ec2-metadata-token-ttl-seconds", "300", cancellation).ConfigureAwait(false);
        var session = Text(token);
        var roles = Text(await CallAsync(HttpMethod.Get, Roles, "X-aws-ec2-metadata-token", session, cancellation).ConfigureAwait(false));
        var role = roles.Split('\n')[0].Trim();
        if (role.Length == 0)
            throw _origin.Failed("has no role for this instance");
        var reply = await CallAsync(HttpMethod.Get, Roles + Uri.EscapeDataString(role), "X-aws-ec2-metadata-token", session, cancellation).ConfigureAwait(false);
        return AwsCredentialReply.Read(_origin, reply);
    }

    private static string Text(byte[] reply) => Encoding.UTF8.GetString(reply).Trim();

    private Task<byte[]> CallAsync(HttpMethod method, string path, string header, string value, CancellationToken cancellation) =>
        CredentialHttp.SendAsync(
            _origin,
            local: true,
            () =>
            {
                var request = new HttpRequestMessage(method, new Uri(_base, path));
                request.Headers.TryAddWithoutValidation(header, value);
                return request;
            },
            Limit,
            cancellation);
}
