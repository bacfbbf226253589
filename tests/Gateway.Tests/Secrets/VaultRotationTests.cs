using System.Net;
using System.Text.Json;
using Gateway.Secrets.Embedded;
using Gateway.Tests.Testing;
using TestSidecar;

namespace Gateway.Tests.Secrets;

/// <summary>A provider's key in a vault is replaced while the gateway runs.</summary>
public sealed class VaultRotationTests : IDisposable
{
    private const string Whole = """{"id":"c","object":"chat.completion","model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"hi"},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}}""";

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("gateway-secrets-");

    private string SecretsFile => Path.Combine(_directory.FullName, "secrets.json");

    public void Dispose() => _directory.Delete(recursive: true);

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public async Task Chat_KeyRotatedThenRefused_IsSentAgainWithTheNewKey(bool dapr, bool stream)
    {
        WriteSecrets("old-key");
        await using var sidecar = await Sidecar.StartAsync(new SidecarOptions { SecretsFile = SecretsFile });
        await using var upstream = await ScriptedUpstream.StartAsync(Script.Json(Whole));
        var vault = dapr ? """ "vault": "dapr" """ : $$""" "file": "{{JsonEncodedText.Encode(SecretsFile)}}" """;
        await using var gateway = await GatewayHost.StartAsync(
            $$""" "secrets": { {{vault}} }, "providers": { "up": { "type": "openai", "baseUrl": "{{upstream.BaseUri}}", "apiKey": "secret:up-key/main" } } """,
            environment: [.. SidecarClient.Variables(sidecar.HttpAddress, sidecar.GrpcAddress).Select(v => (v.Key, v.Value))]);
        await AskAsync(gateway, HttpStatusCode.OK);
        Assert.Equal("Bearer old-key", Assert.Single(upstream.Exchanges).Headers["Authorization"]);

        WriteSecrets("new-key");
        upstream.Enqueue(Script.Error(401, message: "no such key"));
        if (stream)
            upstream.Default = Script.Error(418, message: "seen");
        await AskAsync(gateway, stream ? null : HttpStatusCode.OK, stream);
        Assert.Equal(["Bearer old-key", "Bearer old-key", "Bearer new-key"], upstream.Exchanges.Select(e => e.Headers["Authorization"].ToString()));
    }

    [Fact]
    public async Task Chat_RefusedWithTheSameKey_IsNotSentAgain()
    {
        WriteSecrets("the-key");
        await using var upstream = await ScriptedUpstream.StartAsync(Script.Error(401, message: "no such key"));
        await using var gateway = await GatewayHost.StartAsync(
            $$""" "secrets": { "file": "{{JsonEncodedText.Encode(SecretsFile)}}" }, "providers": { "up": { "type": "openai", "baseUrl": "{{upstream.BaseUri}}", "apiKey": "secret:up-key/main" } } """);
        await AskAsync(gateway, null);
        Assert.Single(upstream.Exchanges);
    }

    [Fact]
    public async Task Reload_NamesASecretThatWasNotNeededBefore_TakesItUp()
    {
        WriteSecrets("the-key");
        await using var upstream = await ScriptedUpstream.StartAsync(Script.Json(Whole));
        var vault = $$""" "secrets": { "file": "{{JsonEncodedText.Encode(SecretsFile)}}" } """;
        await using var gateway = await GatewayHost.StartAsync(vault);
        var swapped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        gateway.Get<Gateway.Configuration.SnapshotHolder>().Swapped += _ => swapped.TrySetResult();
        await gateway.WriteConfigurationAsync(
            $$"""{{vault}}, "providers": { "up": { "type": "openai", "baseUrl": "{{upstream.BaseUri}}", "apiKey": "secret:up-key/main", "headers": { "x-extra": "secret:extra" } } } """);
        await swapped.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await AskAsync(gateway, HttpStatusCode.OK);
        Assert.Equal("Bearer the-key", Assert.Single(upstream.Exchanges).Headers["Authorization"]);
        Assert.Equal("more", upstream.Exchanges[0].Headers["x-extra"]);
    }

    [Fact]
    public async Task Start_SecretIsMissing_SaysWhereItIsNamed()
    {
        WriteSecrets("the-key");
        var thrown = await Assert.ThrowsAsync<GatewayApi.Hosting.ConfigurationException>(() => GatewayHost.StartAsync(
            $$""" "secrets": { "file": "{{JsonEncodedText.Encode(SecretsFile)}}" }, "providers": { "up": { "type": "openai", "apiKey": "secret:other" } } """));
        Assert.Contains("$.providers.up.apiKey", thrown.Message, StringComparison.Ordinal);
        Assert.Contains("the vault has no secret 'other'", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FileVault_OthersMayReadIt_IsRefused()
    {
        WriteSecrets("x");
        var vault = new FileSecretVault(SecretsFile);
        Assert.Equal("x", (await vault.GetAsync("up-key/main"))!.Reveal());
        Assert.Null(await vault.GetAsync("up-key/other"));
        Assert.Null(await vault.GetAsync("other"));
        if (OperatingSystem.IsWindows())
            return;
        File.SetUnixFileMode(SecretsFile, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        var thrown = await Assert.ThrowsAsync<IOException>(async () => await vault.GetAsync("up-key/main"));
        Assert.Contains("chmod 600", thrown.Message, StringComparison.Ordinal);
        File.Delete(SecretsFile);
        await Assert.ThrowsAsync<IOException>(async () => await vault.GetAsync("up-key/main"));
    }

    private static async Task AskAsync(GatewayHost gateway, HttpStatusCode? status, bool stream = false)
    {
        using var response = await gateway.PostAsync("/v1/chat/completions", $$"""{"model":"up/m","messages":[],"stream":{{(stream ? "true" : "false")}}}""");
        if (status is not null)
            Assert.Equal(status, response.StatusCode);
    }

    private void WriteSecrets(string key)
    {
        File.WriteAllText(SecretsFile, $$"""{ "up-key": { "main": "{{key}}" }, "extra": "more" }""");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(SecretsFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }
}
