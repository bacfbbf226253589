using System.Security.Cryptography;
using System.Text;
using Gateway.Transport;

namespace Gateway.Providers.Credentials.Aws;

/// <summary>AWS Signature Version 4, signed into headers, for one region and service. Thread-safe.</summary>
/// <param name="region">The region, e.g. <c>us-east-1</c>.</param>
/// <param name="service">The service's signing name, e.g. <c>bedrock</c>.</param>
/// <param name="literalPath">True for S3 alone: its paths are neither normalised nor encoded a second time.</param>
internal sealed class SigV4Signer(string region, string service, bool literalPath = false)
{
    private const int HashBytes = 32;

    private volatile SigningKey? _key;

    /// <summary>The value of <c>Authorization</c>.</summary>
    public string Sign(in SigV4Request request, AwsCredentials credentials)
    {
        using var canonical = new PooledBuffer(1024);
        var signedHeaders = SigV4Canonical.Write(canonical, request, literalPath);
        var toSign = StringToSign(request, canonical.WrittenSpan);
        Span<byte> signature = stackalloc byte[HashBytes];
        HMACSHA256.HashData(Key(credentials, request.Date), Encoding.UTF8.GetBytes(toSign), signature);
        return $"AWS4-HMAC-SHA256 Credential={credentials.AccessKeyId}/{Scope(request)}, SignedHeaders={signedHeaders}, Signature={Convert.ToHexStringLower(signature)}";
    }

    /// <summary>What the signature is made over.</summary>
    /// <param name="request">The request.</param>
    /// <param name="canonical">The request in canonical form.</param>
    public string StringToSign(in SigV4Request request, ReadOnlySpan<byte> canonical)
    {
        Span<byte> hash = stackalloc byte[HashBytes];
        SHA256.HashData(canonical, hash);
        return $"AWS4-HMAC-SHA256\n{request.Timestamp}\n{Scope(request)}\n{Convert.ToHexStringLower(hash)}";
    }

    private string Scope(in SigV4Request request) => $"{request.Date}/{region}/{service}/aws4_request";

    // Four HMACs that only change with the day and the credentials.
    private byte[] Key(AwsCredentials credentials, string date)
    {
        var known = _key;
        if (known is not null && ReferenceEquals(known.Credentials, credentials) && known.Date == date)
            return known.Bytes;
        var key = Encoding.UTF8.GetBytes("AWS4" + credentials.SecretAccessKey.Reveal());
        foreach (var part in (ReadOnlySpan<string>)[date, region, service, "aws4_request"])
            key = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(part));
        _key = new SigningKey(credentials, date, key);
        return key;
    }

    private sealed record SigningKey(AwsCredentials Credentials, string Date, byte[] Bytes);
}
