using System.Text.Json;
using Gateway.Tests.Testing;

namespace Gateway.Tests.Processes;

/// <summary>What an operator finds in the logs, and what nobody must find there.</summary>
public class LogTests : ProcessFixture
{
    private static readonly string[] Canaries =
        ["canary-prompt", "canary-answer", "canary-upstream-key", "canary-error-text", "canary-query", GatewayProcess.Key, GatewayProcess.AdminKey, "gw-wrong-canary"];

    [Fact]
    public async Task Logs_AtTrace_AreJsonWithRequestIdsAndWithoutPromptsOrKeys()
    {
        const string Prompt = """{"model":"up/m","messages":[{"role":"user","content":"canary-prompt"}]}""";
        await using var upstream = await ScriptedUpstream.StartAsync(Script.Json("""{"id":"c","choices":[{"index":0,"message":{"role":"assistant","content":"canary-answer"},"finish_reason":"stop"}]}"""));
        var configuration = GatewayProcess.WriteConfiguration(Directory, upstream.BaseUri, settings: """, "logging": { "level": "trace" } """);
        await File.WriteAllTextAsync(configuration, (await File.ReadAllTextAsync(configuration)).Replace("\"baseUrl\"", "\"apiKey\": \"env:UP_KEY\", \"baseUrl\"", StringComparison.Ordinal));
        using var gateway = await GatewayProcess.StartAsync(Directory, [.. Keys, "UP_KEY=canary-upstream-key", "--config", configuration]);

        gateway.Client.DefaultRequestHeaders.Add("x-request-id", "my-request");
        (await gateway.PostAsync("/v1/chat/completions", Prompt)).Dispose();
        upstream.Enqueue(Script.Error(400, message: "canary-error-text"), Script.Reset(), Script.Reset(), Script.Stream().Event(ContentEvent("canary-answer")).ThenReset());
        (await gateway.PostAsync("/v1/chat/completions", Prompt)).Dispose();
        (await gateway.PostAsync("/v1/chat/completions?q=canary-query", Prompt)).Dispose();
        using (var cut = await gateway.PostAsync("/v1/chat/completions", Prompt.Replace("\"messages\"", "\"stream\":true,\"messages\"", StringComparison.Ordinal)))
            await Assert.ThrowsAnyAsync<Exception>(() => cut.Content.ReadAsStringAsync());
        (await gateway.PostAsync("/v1/chat/completions", "{\"model\":\"canary-prompt\"")).Dispose();
        gateway.Client.DefaultRequestHeaders.Authorization = new("Bearer", "gw-wrong-canary");
        (await gateway.PostAsync("/v1/chat/completions", Prompt)).Dispose();
        await File.AppendAllTextAsync(configuration, "broken: canary-prompt-is-not-read-back");
        gateway.Terminate();
        Assert.Equal(0, await gateway.WaitForExitAsync());

        var everything = gateway.Output + gateway.Errors;
        foreach (var canary in Canaries)
            Assert.DoesNotContain(canary, everything, StringComparison.Ordinal);
        var lines = gateway.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line[0] == '{').Select(line => JsonDocument.Parse(line).RootElement).ToArray();
        // The watcher tells of the broken file, and a job tells when it took long.
        var ofRequests = lines.Where(line => line.GetProperty("Category").GetString() is { } of && of != "Gateway.Configuration.ConfigurationWatcher" && !of.StartsWith("Gateway.Jobs.", StringComparison.Ordinal)).ToArray();
        Assert.True(ofRequests.Length == 4, string.Join('\n', ofRequests));
        Assert.All(ofRequests, line => Assert.Equal("my-request", line.GetProperty("State").GetProperty("RequestId").GetString()));
        Assert.All(lines, line => Assert.EndsWith("Z", line.GetProperty("Timestamp").GetString(), StringComparison.Ordinal));
    }
}
