using System.Text;
using Gateway.Providers.Credentials;
using Gateway.Providers.Credentials.Aws;
using Gateway.Secrets;
using Gateway.Tests.Testing;
using Gateway.Transport;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Tests.Providers.Credentials.Aws;

/// <summary>What arrives on the wire is what was signed.</summary>
public class SigV4CredentialTests
{
    private static readonly AwsCredentials Credentials = new("AKIDEXAMPLE", new Secret("secret"), new Secret("token"));

    [Theory]
    [InlineData("/model/anthropic.claude-3-5-sonnet-20240620-v1%3A0/converse", "")]
    [InlineData("/model/arn%3Aaws%3Abedrock%3Aus-east-1%3A1%3Ax%2Fy/invoke", "")]
    [InlineData("/plain", "?b=2&a=%E4%B8%96")]
    public async Task Apply_SplicedBody_SignsWhatArrives(string path, string query)
    {
        await using var server = await ScriptedUpstream.StartAsync(Script.Json("{}"));
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
        var credential = new SigV4Credential(new CredentialOrigin("bedrock", "a test"), new FixedAwsSource(Credentials), "us-east-1", "bedrock", new CredentialServices { Time = time });
        var body = Encoding.UTF8.GetBytes("""{"model":"alias","messages":[{"content":"Grüße 世界"}]}""");
        var uri = new Uri(server.BaseUri.GetLeftPart(UriPartial.Authority) + path + query);
        using var request = new HttpRequestMessage(HttpMethod.Post, uri)
        {
            Content = new SplicedContent(body, new Splice(9, 7, "\"m\""u8.ToArray()), default),
        };
        request.Headers.TryAddWithoutValidation("traceparent", "00-1");
        await credential.ApplyAsync(request, CancellationToken.None);
        using var client = new HttpMessageInvoker(new SocketsHttpHandler());
        using var response = await client.SendAsync(request, CancellationToken.None);

        var arrived = server.Exchanges[0];
        Assert.StartsWith("{\"model\":\"m\",", arrived.BodyText, StringComparison.Ordinal);
        List<KeyValuePair<string, string>> headers =
            [.. new[] { "Host", "Content-Type", "X-Amz-Date", "X-Amz-Security-Token" }.Select(name => KeyValuePair.Create(name, arrived.Headers[name].ToString()))];
        var expected = new SigV4Signer("us-east-1", "bedrock").Sign(
            new SigV4Request("POST", path, query.TrimStart('?'), headers, SigV4Expectation.Hash(arrived.BodyText), "20260102T030405Z"), Credentials);
        Assert.Equal(expected, arrived.Headers.Authorization);
        Assert.Contains("SignedHeaders=content-type;host;x-amz-date;x-amz-security-token,", expected, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hash_AnyTwoSplices_IsThatOfWhatIsSent()
    {
        var body = Encoding.ASCII.GetBytes(new string('a', 100_000));
        using var content = new SplicedContent(body, new Splice(50_000, 10, "bcd"u8.ToArray()), new Splice(7, 0, "inserted"u8.ToArray()));
        Assert.Equal(System.Security.Cryptography.SHA256.HashData(await content.ReadAsByteArrayAsync()), await HashStream.HashAsync(content, default));
        Assert.Equal(SignedRequest.EmptyHash, Convert.ToHexStringLower(await HashStream.HashAsync(null, default)));
    }

    [Fact]
    public void Sign_OtherDayOrOtherCredentials_UsesAnotherKey()
    {
        var signer = new SigV4Signer("us-east-1", "bedrock");
        var request = new SigV4Request("GET", "/", "", [new("host", "h")], SignedRequest.EmptyHash, "20260102T030405Z");
        var first = signer.Sign(request, Credentials);
        var nextDay = signer.Sign(request with { Timestamp = "20260103T030405Z" }, Credentials);
        var other = signer.Sign(request, Credentials with { SecretAccessKey = new Secret("other") });
        Assert.Equal(3, new[] { first, nextDay, other }.Select(a => a[^64..]).Distinct().Count());
        Assert.Equal(first, signer.Sign(request, Credentials));
    }
}
