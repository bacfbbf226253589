using System.Net;
using System.Text;

namespace Gateway.Providers.Credentials.Aws;

/// <summary>The endpoint that ECS, EKS Pod Identity and App Runner offer inside a container.</summary>
internal sealed class ContainerSource : IAwsCredentialSource
{
    /// <summary>The variables that say where it is.</summary>
    public const string RelativeVariable = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", FullVariable = "AWS_CONTAINER_CREDENTIALS_FULL_URI";

    private const string TokenVariable = "AWS_CONTAINER_AUTHORIZATION_TOKEN", TokenFileVariable = "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);
    private static readonly IPAddress[] Hosts = [IPAddress.Parse("169.254.170.2"), IPAddress.Parse("169.254.170.23"), IPAddress.Parse("fd00:ec2::23")];

    private readonly CredentialOrigin _origin;
    private readonly CredentialServices _services;
    private readonly Uri _uri;

    private ContainerSource(CredentialOrigin origin, CredentialServices services, Uri uri) => (_origin, _services, _uri) = (origin, services, uri);

    /// <summary>Makes the source that the environment names.</summary>
    /// <returns>Null when it was made, otherwise what is wrong with the variable.</returns>
    public static string? Create(string provider, CredentialServices services, out IAwsCredentialSource? source)
    {
        source = null;
        Uri? uri;
        if (services.Variable(RelativeVariable) is { } path)
        {
            if (path[0] != '/' || path.StartsWith("//", StringComparison.Ordinal) || !Uri.TryCreate("http://169.254.170.2" + path, UriKind.Absolute, out uri))
                return $"{RelativeVariable} must be a path that begins with one '/'";
        }
        else if (!Uri.TryCreate(services.Variable(FullVariable), UriKind.Absolute, out uri) || !MayBeCalled(uri))
        {
            return $"{FullVariable} must be an https:// URL, or an http:// URL of this machine (localhost, 127.0.0.0/8, ::1) or of the container host (169.254.170.2, 169.254.170.23, fd00:ec2::23)";
        }

        source = new ContainerSource(new CredentialOrigin(provider, "the container credentials endpoint"), services, uri);
        return null;
    }

    public async Task<AwsCredentials> FetchAsync(CancellationToken cancellation)
    {
        var token = await TokenAsync(cancellation).ConfigureAwait(false);
        var reply = await CredentialHttp.SendAsync(_origin, local: _uri.Scheme == Uri.UriSchemeHttp, Create, Limit, cancellation).ConfigureAwait(false);
        return AwsCredentialReply.Read(_origin, reply);

        HttpRequestMessage Create()
        {
            var request = new HttpRequestMessage(HttpMethod.Get, _uri);
            request.Headers.TryAddWithoutValidation("Accept", "application/json");
            if (token is not null) request.Headers.TryAddWithoutValidation("Authorization", token);
            return request;
        }
    }

    /// <summary>The restriction of AWS: plain http only to this machine and to the container host, so that the token stays there.</summary>
    private static bool MayBeCalled(Uri uri) =>
        uri.UserInfo.Length == 0
        && (uri.Scheme == Uri.UriSchemeHttps
            || (uri.Scheme == Uri.UriSchemeHttp
                && (CredentialHttp.IsLoopback(uri) || (IPAddress.TryParse(uri.Host.Trim('[', ']'), out var ip) && Hosts.Contains(ip)))));

    // The file is rotated, so it is read each time.
    private async Task<string?> TokenAsync(CancellationToken cancellation)
    {
        var token = _services.Variable(TokenVariable);
        if (_services.Variable(TokenFileVariable) is { } file)
            token = (await TokenFile.ReadAsync(_origin, TokenFileVariable, file, cancellation).ConfigureAwait(false)).Reveal();
        return token is null || Ascii.IsValid(token) && !token.AsSpan().ContainsAny('\r', '\n') ? token : throw _origin.Failed("was not asked, because its authorization token holds a line break");
    }
}
