using System.Globalization;

namespace Gateway.Providers.Credentials.Aws;

/// <summary>
/// Signs requests. What is signed is the host, the content type and every <c>X-Amz-</c> header: what AWS demands. The rest stays
/// unsigned, so that nothing on the way that touches it breaks the signature.
/// </summary>
/// <param name="signer">Signs.</param>
/// <param name="time">The clock.</param>
internal sealed class SignedRequest(SigV4Signer signer, TimeProvider time)
{
    /// <summary>The payload hash of a request without a body.</summary>
    public const string EmptyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    /// <summary>Adds date, session token and signature to a request, otherwise complete.</summary>
    /// <param name="request">The request.</param>
    /// <param name="credentials">Whose signature.</param>
    /// <param name="payloadHash">SHA-256 of the body: 64 lower-case hexadecimal digits.</param>
    public void Apply(HttpRequestMessage request, AwsCredentials credentials, string payloadHash)
    {
        var uri = request.RequestUri!;
        var timestamp = time.GetUtcNow().ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        request.Headers.TryAddWithoutValidation("X-Amz-Date", timestamp);
        if (credentials.SessionToken is { } token)
            request.Headers.TryAddWithoutValidation("X-Amz-Security-Token", token.Reveal());

        var headers = new List<KeyValuePair<string, string>>(5)
        {
            new("host", request.Headers.Host ?? (uri.IsDefaultPort ? uri.IdnHost : $"{uri.IdnHost}:{uri.Port.ToString(CultureInfo.InvariantCulture)}")),
        };
        foreach (var (name, values) in request.Headers.NonValidated)
        {
            if (!name.StartsWith("X-Amz-", StringComparison.OrdinalIgnoreCase)) continue;
            foreach (var value in values) headers.Add(new(name, value));
        }

        if (request.Content?.Headers.NonValidated.TryGetValues("Content-Type", out var types) == true)
            headers.Add(new("content-type", types.ToString()));

        var query = uri.Query.Length > 0 ? uri.Query[1..] : "";
        var toSign = new SigV4Request(request.Method.Method, uri.AbsolutePath, query, headers, payloadHash, timestamp);
        request.Headers.TryAddWithoutValidation("Authorization", signer.Sign(toSign, credentials));
    }
}
