using Gateway.Admission;
using Gateway.Dialects.OpenAiChat;
using Gateway.Pipeline;
using Gateway.Protocol;
using Gateway.Routing;
using Gateway.Routing.Policies;
using Gateway.Tests.Configuration;
using Gateway.Tests.Pipeline;

namespace Gateway.Tests.Routing;

public class TargetCheckStageTests
{
    private const string Providers =
        """
        "openai": { "residency": "us", "retention": "30d" }, "azure": { "baseUrl": "https://me.test", "residency": "eu", "retention": "none" }
        """;

    [Theory]
    [InlineData("openai/gpt-4o, azure/gpt-4o", null, "openai/gpt-4o, azure/gpt-4o", "")]
    [InlineData("openai/unpriced, azure/gpt-4o", null, "azure/gpt-4o", "openai/unpriced UnknownPrice")]
    [InlineData("azure/gpt-4o, openai/unpriced", null, "azure/gpt-4o", "openai/unpriced UnknownPrice")]
    [InlineData("openai/gpt-4o, azure/gpt-4o", "eu", "azure/gpt-4o", "openai/gpt-4o DataPolicy")]
    [InlineData("openai/unpriced, openai/gpt-4o, azure/gpt-4o", "eu", "azure/gpt-4o", "openai/unpriced UnknownPrice, openai/gpt-4o DataPolicy")]
    public async Task Run_SomeCantBeUsed_TheOthersServe(string targets, string? residency, string left, string skipped)
    {
        using var context = await RunAsync(targets, residency);
        Assert.Null(context.Error);
        Assert.Equal(left, string.Join(", ", context.Route!.Targets.Select(t => t.Address)));
        Assert.Equal(skipped, string.Join(", ", context.Decision?.Skipped.Select(s => $"{s.Target.Address} {s.Reason}") ?? []));
        Assert.Equal(7, context.Route.Attempts.LongestWait.TotalSeconds);
    }

    [Theory]
    [InlineData("openai/unpriced", null, "unknown_price")]
    [InlineData("openai/unpriced, azure/unpriced", null, "unknown_price")]
    [InlineData("openai/gpt-4o", "eu", "data_policy")]
    [InlineData("openai/gpt-4o, azure/gpt-4o", "uk", "data_policy")]
    [InlineData("openai/unpriced, openai/gpt-4o", "eu", "unknown_price")]
    public async Task Run_NoneCanBeUsed_SaysWhy(string targets, string? residency, string code)
    {
        using var context = await RunAsync(targets, residency);
        Assert.Equal(code, context.Error!.Kind.Code);
        Assert.Equal("model", context.Error.Param);
    }

    [Fact]
    public async Task Run_NobodyHasTheEndpoint_IsUnsupported()
    {
        using var context = await RunAsync("openai/gpt-4o", null, Operation.Rerank);
        Assert.Equal("unsupported_operation", context.Error!.Kind.Code);
    }

    [Fact]
    public async Task Run_EverythingIsUsable_LeavesTheRouteAsItIs()
    {
        var snapshot = Configured.Snapshot($$"""{ "providers": { {{Providers}} }, "routes": { "r": { "targets": ["openai/gpt-4o"] } } }""", ("OPENAI_API_KEY", "k"), ("AZURE_OPENAI_API_KEY", "k"));
        using var client = new MemoryExchange();
        using var context = new GatewayContext(client, snapshot, Operation.ChatCompletions, new OpenAiChatDialect(), "r1", TimeProvider.System);
        context.Key = KeyFor(null);
        context.Route = snapshot.Models.Resolve("r");
        await new TargetCheckStage().RunAsync(context, static _ => ValueTask.CompletedTask);
        Assert.Same(snapshot.Models.Resolve("r"), context.Route);
        Assert.Null(context.Decision);
    }

    private static async Task<GatewayContext> RunAsync(string targets, string? residency, Operation operation = Operation.ChatCompletions)
    {
        var names = string.Join(", ", targets.Split(", ").Select(t => $"\"{t}\""));
        var snapshot = Configured.Snapshot(
            $$"""{ "providers": { {{Providers}} }, "routes": { "r": { "targets": [{{names}}], "unknownPrice": "fail", "attempts": { "longestWaitSeconds": 7 } } } }""",
            ("OPENAI_API_KEY", "k"), ("AZURE_OPENAI_API_KEY", "k"));
        var context = new GatewayContext(new MemoryExchange(), snapshot, operation, new OpenAiChatDialect(), "r1", TimeProvider.System)
        {
            Key = KeyFor(residency),
            Route = snapshot.Models.Resolve("r"),
        };
        var passed = false;
        await new TargetCheckStage().RunAsync(context, _ =>
        {
            passed = true;
            return ValueTask.CompletedTask;
        });
        Assert.Equal(context.Error is null, passed);
        return context;
    }

    private static VirtualKey KeyFor(string? residency) =>
        new() { Id = "k", Name = "k", Hash = [], Models = ["*"], Data = DataPolicy.Of(residency is null ? null : [residency], null) };
}
