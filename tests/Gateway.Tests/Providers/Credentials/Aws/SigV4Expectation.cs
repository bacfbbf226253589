using System.Security.Cryptography;
using System.Text;
using Gateway.Providers.Credentials.Aws;
using Gateway.Transport;

namespace Gateway.Tests.Providers.Credentials.Aws;

/// <summary>What a request must come to, and the check that it does.</summary>
internal sealed record SigV4Expectation(string CanonicalRequest, string StringToSign, string Authorization)
{
    public static string Hash(string body) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(body)));

    public void Check(string name, SigV4Request request, AwsCredentials credentials, string region, string service, bool literalPath = false)
    {
        using var buffer = new PooledBuffer(16);
        SigV4Canonical.Write(buffer, request, literalPath);
        Assert.Equal((name, CanonicalRequest), (name, Encoding.UTF8.GetString(buffer.WrittenSpan)));
        var signer = new SigV4Signer(region, service, literalPath);
        Assert.Equal((name, StringToSign), (name, signer.StringToSign(request, buffer.WrittenSpan)));
        Assert.Equal((name, Authorization), (name, signer.Sign(request, credentials)));
        Assert.Equal((name, Authorization), (name, signer.Sign(request, credentials))); // with the kept key
    }
}
