using System.Net;
using System.Text.Json;
using Gateway.Providers.Credentials;
using Gateway.Providers.Credentials.Aws;
using Gateway.Tests.Configuration;
using Gateway.Tests.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Tests.Providers.Credentials.Aws;

/// <summary>Every source of AWS credentials, as a configuration makes it, against real HTTP endpoints.</summary>
public sealed class AwsSourcesTests : IAsyncLifetime, IDisposable
{
    private const string Canary = "canary-secret-0123456789";
    private const string Bedrock = """{ "providers": { "bedrock": { "credential": { "aws": { "region": "eu-west-1" } } } } }""";
    private const string Token = "/v1/token";

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
    private readonly LogCollector _log = new();
    private readonly TempDirectory _directory = new();
    private ScriptedUpstream _endpoint = null!;

    public async Task InitializeAsync() => _endpoint = await ScriptedUpstream.StartAsync();

    public async Task DisposeAsync() => await _endpoint.DisposeAsync();

    public void Dispose() => _directory.Dispose();

    private string Address => _endpoint.BaseUri.GetLeftPart(UriPartial.Authority);

    [Fact]
    public async Task Container_FullUri_SendsTheTokenFromItsFileEachTime()
    {
        var file = Path.Combine(_directory.Path, "token");
        await File.WriteAllTextAsync(file, "first\n");
        _endpoint.Enqueue(Reply("AKID1", hours: 1), Reply("AKID2", hours: 2));
        var credential = Credential(Bedrock, ("AWS_CONTAINER_CREDENTIALS_FULL_URI", Address + "/creds?x=1"), ("AWS_CONTAINER_AUTHORIZATION_TOKEN", "unused"), ("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", file));
        Assert.Contains("Credential=AKID1/20260102/eu-west-1/bedrock/aws4_request", await AuthorizationAsync(credential), StringComparison.Ordinal);

        await File.WriteAllTextAsync(file, "second");
        _time.Advance(TimeSpan.FromMinutes(61));
        Assert.Contains("Credential=AKID2/", await AuthorizationAsync(credential), StringComparison.Ordinal);
        Assert.Equal(["first", "second"], _endpoint.Exchanges.Select(e => e.Headers.Authorization.ToString()));
        Assert.Equal("/creds?x=1", _endpoint.Exchanges[0].Target);
    }

    [Fact]
    public async Task Container_ManyRequestsAtOnce_AskOnce()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _endpoint.Enqueue(Script.Reply(200, "application/json").Wait(gate.Task).Write(Json("AKID1", _time.GetUtcNow().AddHours(1))));
        var credential = Credential(Bedrock, ("AWS_CONTAINER_CREDENTIALS_FULL_URI", Address));
        var requests = Enumerable.Range(0, 20).Select(_ => AuthorizationAsync(credential)).ToList();
        await _endpoint.WaitForRequestAsync();
        gate.SetResult();
        Assert.All(await Task.WhenAll(requests), a => Assert.Contains("AKID1", a, StringComparison.Ordinal));
        Assert.Single(_endpoint.Exchanges);
    }

    [Theory]
    [InlineData(403, 1, "answered 403")]
    [InlineData(500, 2, "answered 500")]
    public async Task Container_Refuses_SaysWhoAndWhereAndNothingElse(int status, int calls, string words)
    {
        _endpoint.Default = Script.Json($$"""{"message":"{{Canary}}"}""", status);
        var failure = await FailureAsync(Credential(Bedrock, ("AWS_CONTAINER_CREDENTIALS_FULL_URI", Address), ("AWS_CONTAINER_AUTHORIZATION_TOKEN", Canary)));
        Assert.Equal($"The gateway has no valid credential for the provider 'bedrock': the container credentials endpoint {words}.", failure);
        Assert.Equal(calls, _endpoint.Exchanges.Count);
    }

    [Theory]
    [InlineData("")]
    [InlineData("<html>canary-secret-0123456789")]
    [InlineData("""{"AccessKeyId":"canary-secret-0123456789"}""")]
    [InlineData("""{"AccessKeyId":7,"SecretAccessKey":"canary-secret-0123456789"}""")]
    [InlineData("""{"AccessKeyId":"a","SecretAccessKey":"canary-secret-0123456789","Expiration":"soon"}""")]
    [InlineData("""{"Code":"canary-secret-0123456789 x"}""")]
    [InlineData("[]")]
    public async Task Container_AnswersNonsense_IsAnErrorWithoutWhatItSaid(string body)
    {
        _endpoint.Default = Script.Json(body);
        await FailureAsync(Credential(Bedrock, ("AWS_CONTAINER_CREDENTIALS_FULL_URI", Address)));
    }

    [Fact]
    public async Task Container_ConnectionLost_IsAskedOnceMore()
    {
        _endpoint.Enqueue(Script.Reset(), Reply("AKID1", hours: 1));
        Assert.Contains("AKID1", await AuthorizationAsync(Credential(Bedrock, ("AWS_CONTAINER_CREDENTIALS_FULL_URI", Address))), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Container_Redirects_IsNotFollowed()
    {
        _endpoint.Default = Script.Reply(302).Header("Location", Address + "/elsewhere");
        Assert.Contains("answered 302", await FailureAsync(Credential(Bedrock, ("AWS_CONTAINER_CREDENTIALS_FULL_URI", Address), ("AWS_CONTAINER_AUTHORIZATION_TOKEN", Canary))), StringComparison.Ordinal);
        Assert.Single(_endpoint.Exchanges);
    }

    [Theory]
    [InlineData("http://example.com/creds", false)]
    [InlineData("http://169.254.169.254/latest", false)]
    [InlineData("http://10.0.0.1/", false)]
    [InlineData("http://me:pw@127.0.0.1/", false)]
    [InlineData("http://127.0.0.1.example.com/", false)]
    [InlineData("ftp://127.0.0.1/", false)]
    [InlineData("/relative", false)]
    [InlineData("https://example.com/creds", true)]
    [InlineData("http://169.254.170.2/x", true)]
    [InlineData("http://169.254.170.23/v1/credentials", true)]
    [InlineData("http://[fd00:ec2::23]/v1/credentials", true)]
    [InlineData("http://127.7.7.7:80/", true)]
    [InlineData("http://[::1]/", true)]
    [InlineData("http://localhost/", true)]
    public void Container_FullUri_MayOnlyNameWhatAwsAllows(string uri, bool allowed)
    {
        var build = Configured.Build(Bedrock, ("AWS_CONTAINER_CREDENTIALS_FULL_URI", uri));
        if (allowed) Assert.Empty(build.Problems);
        else Assert.Equal("env AWS_CONTAINER_CREDENTIALS_FULL_URI", Assert.Single(build.Problems).Path);
    }

    [Theory]
    [InlineData("//example.com/x")]
    [InlineData("@example.com/x")]
    public void Container_RelativeUri_CannotLeaveTheHost(string path) =>
        Assert.Equal("env AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", Configured.Problem(Bedrock, ("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", path)).Path);

    [Fact]
    public async Task Instance_Version2_UsesItsSessionToken()
    {
        _endpoint.Enqueue(Script.Json("session-1"), Script.Json("role-a\n"), Reply("AKID1", hours: 6));
        Assert.Contains("AKID1", await AuthorizationAsync(Credential(Bedrock, ("AWS_EC2_METADATA_SERVICE_ENDPOINT", Address))), StringComparison.Ordinal);
        var calls = _endpoint.Exchanges;
        Assert.Equal(["PUT /latest/api/token", "GET /latest/meta-data/iam/security-credentials/", "GET /latest/meta-data/iam/security-credentials/role-a"], calls.Select(c => $"{c.Method} {c.Target}"));
        Assert.Equal("300", calls[0].Headers["X-aws-ec2-metadata-token-ttl-seconds"]);
        Assert.All(calls.Skip(1), c => Assert.Equal("session-1", c.Headers["X-aws-ec2-metadata-token"]));
    }

    [Fact]
    public async Task Instance_NoSessionToken_NeverFallsBackToVersion1()
    {
        _endpoint.Default = Script.Error(403);
        Assert.Contains("instance metadata service answered 403", await FailureAsync(Credential(Bedrock, ("AWS_EC2_METADATA_SERVICE_ENDPOINT", Address))), StringComparison.Ordinal);
        Assert.Single(_endpoint.Exchanges);
    }

    [Fact]
    public void Instance_Disabled_IsAProblemAtLoad() =>
        Assert.Contains("AWS_EC2_METADATA_DISABLED", Configured.Problem(Bedrock, ("AWS_EC2_METADATA_DISABLED", "true")).Message, StringComparison.Ordinal);

    [Fact]
    public async Task WebIdentity_TokenFileAndRole_AreExchangedAtSts()
    {
        var file = Path.Combine(_directory.Path, "jwt");
        await File.WriteAllTextAsync(file, "header.payload.signature");
        _endpoint.Enqueue(Sts("ASIA1"));
        var credential = Credential(Bedrock, ("AWS_WEB_IDENTITY_TOKEN_FILE", file), ("AWS_ROLE_ARN", "arn:aws:iam::1:role/r"), ("AWS_ENDPOINT_URL_STS", Address));
        using var request = await AppliedAsync(credential);
        Assert.Contains("Credential=ASIA1/", Authorization(request), StringComparison.Ordinal);
        Assert.Contains("x-amz-security-token", Authorization(request), StringComparison.Ordinal);
        Assert.Equal("session&1", Assert.Single(request.Headers.GetValues("X-Amz-Security-Token")));
        Assert.Equal("Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fr&RoleSessionName=ai-gateway&WebIdentityToken=header.payload.signature", _endpoint.Exchanges[0].BodyText);
    }

    [Fact]
    public async Task RoleArn_WithAnAccessKey_IsTakenOnAtSts()
    {
        _endpoint.Enqueue(Sts("ASIA2"));
        var credential = Credential(
            """{ "providers": { "bedrock": { "credential": { "aws": { "region": "us-east-1", "accessKeyId": "env:ID", "secretAccessKey": "env:SECRET", "roleArn": "arn:aws:iam::2:role/other" } } } } }""",
            ("ID", "AKIDBASE"), ("SECRET", Canary), ("AWS_ENDPOINT_URL_STS", Address));
        Assert.Contains("Credential=ASIA2/", await AuthorizationAsync(credential), StringComparison.Ordinal);
        var call = _endpoint.Exchanges[0];
        Assert.StartsWith("/?Action=AssumeRole&RoleArn=arn%3Aaws%3Aiam%3A%3A2%3Arole%2Fother", call.Target, StringComparison.Ordinal);
        Assert.Contains("Credential=AKIDBASE/20260102/us-east-1/sts/aws4_request", call.Headers.Authorization.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://sts.example.com", "AWS_ENDPOINT_URL_STS")]
    [InlineData("https://u:p@sts.example.com", "AWS_ENDPOINT_URL_STS")]
    public void Sts_PlainHttpElsewhere_IsRefused(string address, string variable) =>
        Assert.Equal("env " + variable, Configured.Problem(Bedrock, ("AWS_WEB_IDENTITY_TOKEN_FILE", "/t"), ("AWS_ROLE_ARN", "arn:aws:iam::1:role/r"), ("AWS_ENDPOINT_URL_STS", address)).Path);

    [Theory]
    [InlineData("eu-west-1", "https://sts.eu-west-1.amazonaws.com/")]
    [InlineData("cn-north-1", "https://sts.cn-north-1.amazonaws.com.cn/")]
    public void Sts_Usually_IsTheRegionsOwn(string region, string address)
    {
        Assert.Null(StsEndpoint.Find(new CredentialServices(), region, out var uri));
        Assert.Equal(address, uri!.AbsoluteUri);
    }

    [Theory]
    [InlineData("no xml canary-secret-0123456789")]
    [InlineData("<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><Credentials>&x;</Credentials>")]
    [InlineData("<R><Credentials><AccessKeyId>canary-secret-0123456789</AccessKeyId></Credentials></R>")]
    [InlineData("<R/>")]
    public async Task Sts_AnswersNonsense_IsAnErrorWithoutWhatItSaid(string body)
    {
        var file = Path.Combine(_directory.Path, "jwt");
        await File.WriteAllTextAsync(file, Canary);
        _endpoint.Default = Script.Reply(200, "text/xml").Write(body);
        await FailureAsync(Credential(Bedrock, ("AWS_WEB_IDENTITY_TOKEN_FILE", file), ("AWS_ROLE_ARN", "arn:aws:iam::1:role/r"), ("AWS_ENDPOINT_URL_STS", Address)));
    }

    [Fact]
    public async Task WebIdentity_TokenFileMissing_NamesTheVariable()
    {
        var failure = await FailureAsync(Credential(Bedrock, ("AWS_WEB_IDENTITY_TOKEN_FILE", "/no/such/file"), ("AWS_ROLE_ARN", "arn:aws:iam::1:role/r")));
        Assert.Contains("AWS_WEB_IDENTITY_TOKEN_FILE", failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refused_TemporaryCredentials_AreFetchedForTheNextRequest()
    {
        _endpoint.Enqueue(Reply("AKID1", hours: 1), Reply("AKID2", hours: 1));
        var credential = Credential(Bedrock, ("AWS_CONTAINER_CREDENTIALS_FULL_URI", Address));
        await AuthorizationAsync(credential);
        _time.Advance(TimeSpan.FromMinutes(1));
        credential.Refused();
        Assert.Contains("AKID2", await AuthorizationAsync(credential), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Mask_WhatWasSigned_HidesEveryPart()
    {
        _endpoint.Enqueue(Reply("AKID1", hours: 1));
        var credential = Credential(Bedrock, ("AWS_CONTAINER_CREDENTIALS_FULL_URI", Address));
        await AuthorizationAsync(credential);
        Assert.Equal("*** *** ***", credential.Mask($"AKID1 {Canary} {Token}"));
    }

    private IProviderCredential Credential(string json, params (string Name, string Value)[] environment)
    {
        var build = Gateway.Configuration.ConfigurationBuild.FromBytes(System.Text.Encoding.UTF8.GetBytes(json), Configured.Inputs(environment) with { Time = _time, Logger = _log });
        Assert.Empty(build.Problems);
        return Assert.Single(build.Snapshot!.Providers["bedrock"].Credentials!.Keys).Credential;
    }

    private static async Task<HttpRequestMessage> AppliedAsync(IProviderCredential credential)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "https://bedrock-runtime.eu-west-1.amazonaws.com/x") { Content = new ByteArrayContent([1]) };
        await credential.ApplyAsync(request, CancellationToken.None);
        return request;
    }

    private static async Task<string> AuthorizationAsync(IProviderCredential credential)
    {
        using var request = await AppliedAsync(credential);
        return Authorization(request);
    }

    private static string Authorization(HttpRequestMessage request) => Assert.Single(request.Headers.GetValues("Authorization"));

    private async Task<string> FailureAsync(IProviderCredential credential)
    {
        var failure = await Assert.ThrowsAsync<CredentialException>(() => AppliedAsync(credential));
        Assert.Contains("'bedrock'", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Canary, failure.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Canary, string.Join('\n', _log.Lines), StringComparison.Ordinal);
        return failure.Message;
    }

    private Script Reply(string id, int hours) => Script.Json(Json(id, _time.GetUtcNow().AddHours(hours)));

    private static string Json(string id, DateTimeOffset expires) =>
        JsonSerializer.Serialize(new { Code = "Success", AccessKeyId = id, SecretAccessKey = Canary, Token, Expiration = expires.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture) });

    private Script Sts(string id) => Script.Reply(200, "text/xml").Write(
        $"""
        <AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult>
          <SubjectFromWebIdentityToken>x</SubjectFromWebIdentityToken>
          <Credentials><SessionToken>session&amp;1</SessionToken><SecretAccessKey>{Canary}</SecretAccessKey>
            <Expiration>{_time.GetUtcNow().AddHours(1):yyyy-MM-ddTHH:mm:ssZ}</Expiration><AccessKeyId>{id}</AccessKeyId></Credentials>
        </AssumeRoleResult></AssumeRoleResponse>
        """);
}
