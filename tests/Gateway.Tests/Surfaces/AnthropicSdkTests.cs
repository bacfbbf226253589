using System.Text.Json;
using System.Text.Json.Nodes;
using Anthropic.Exceptions;
using Anthropic.Models.Messages;
using Gateway.Tests.Compatibility;

namespace Gateway.Tests.Surfaces;

/// <summary>The official Anthropic client through the gateway onto a provider of every wire.</summary>
public sealed class AnthropicSdkTests(CompatibilityFixture fixture) : IClassFixture<CompatibilityFixture>
{
    public static TheoryData<string> Providers => [.. CompatibilityFixture.Wires.Select(wire => wire.Provider)];

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task Create_Text_HasStopAndUsage(string provider)
    {
        fixture.Upstream(CompatibilityFixture.ServeAsync);

        var message = await AnthropicSdk.Client(fixture.Gateway).Messages.Create(AnthropicSdk.Ask(provider + "/chat") with { System = "Be brief." });

        Assert.Equal("Hello there.", AnthropicSdk.TextOf(message));
        Assert.Equal(StopReason.EndTurn, message.StopReason!.Value());
        Assert.Equal((12, 5), (message.Usage.InputTokens, message.Usage.OutputTokens));
        Assert.StartsWith("msg_", message.ID);
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task Stream_Text_ArrivesInPieces(string provider)
    {
        fixture.Upstream(CompatibilityFixture.ServeAsync);
        var pieces = new List<string>();
        var aggregator = new Anthropic.Helpers.MessageContentAggregator();

        await foreach (var item in aggregator.CollectAsync(AnthropicSdk.Client(fixture.Gateway).Messages.CreateStreaming(AnthropicSdk.Ask(provider + "/chat"))))
        {
            if (item.TryPickContentBlockDelta(out var delta) && delta.Delta.TryPickText(out var text))
                pieces.Add(text.Text);
        }

        var message = aggregator.Message();
        Assert.True(pieces.Count > 1);
        Assert.Equal("Hello there.", string.Concat(pieces));
        Assert.Equal("Hello there.", AnthropicSdk.TextOf(message));
        Assert.Equal(StopReason.EndTurn, message.StopReason!.Value());
        Assert.Equal(5, message.Usage.OutputTokens);
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task Create_Tools_AreCalledAndTakeTheirResults(string provider)
    {
        fixture.Upstream(CompatibilityFixture.ServeAsync);
        var client = AnthropicSdk.Client(fixture.Gateway);
        var ask = AnthropicSdk.Ask(provider + "/parallel") with { Tools = [AnthropicSdk.Weather] };

        var first = await client.Messages.Create(ask);
        var calls = AnthropicSdk.CallsOf(first);
        var said = new JsonArray([.. first.Content.Select(block => JsonNode.Parse(block.Json.GetRawText()))]);
        var results = new JsonArray([.. calls.Select(call => new JsonObject { ["type"] = "tool_result", ["tool_use_id"] = call.ID, ["content"] = "sunny" })]);
        var second = await client.Messages.Create(ask with
        {
            Model = provider + "/chat",
            Messages =
            [
                .. ask.Messages,
                AnthropicSdk.Message(new JsonObject { ["role"] = "assistant", ["content"] = said }.ToJsonString()),
                AnthropicSdk.Message(new JsonObject { ["role"] = "user", ["content"] = results }.ToJsonString()),
            ],
        });

        Assert.Equal(StopReason.ToolUse, first.StopReason!.Value());
        Assert.Equal(["get_weather:Oslo", "get_weather:Rome"], calls.Select(call => $"{call.Name}:{call.Input["city"]}"));
        Assert.NotEqual(calls[0].ID, calls[1].ID);
        Assert.Equal("Hello there.", AnthropicSdk.TextOf(second));
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task Stream_Tool_IsPutTogether(string provider)
    {
        fixture.Upstream(CompatibilityFixture.ServeAsync);

        var message = await AnthropicSdk.ReadAsync(AnthropicSdk.Client(fixture.Gateway).Messages.CreateStreaming(AnthropicSdk.Ask(provider + "/tools") with { Tools = [AnthropicSdk.Weather] }));

        var call = Assert.Single(AnthropicSdk.CallsOf(message));
        Assert.Equal(("get_weather", "Paris"), (call.Name, call.Input["city"].GetString()));
        Assert.Equal(StopReason.ToolUse, message.StopReason!.Value());
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task Call_Thinking_ComesBeforeTheText(string provider)
    {
        fixture.Upstream(CompatibilityFixture.ServeAsync);
        var client = AnthropicSdk.Client(fixture.Gateway);
        var ask = AnthropicSdk.Ask(provider + "/thinking") with { Thinking = new ThinkingConfigEnabled(2000) };

        foreach (var message in new[] { await client.Messages.Create(ask), await AnthropicSdk.ReadAsync(client.Messages.CreateStreaming(ask)) })
        {
            Assert.Equal(2, message.Content.Count);
            Assert.True(message.Content[0].TryPickThinking(out var thinking));
            Assert.Equal("Let me think.", thinking.Thinking);
            Assert.Equal("Hello there.", AnthropicSdk.TextOf(message));
        }
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task Create_JsonSchema_IsAnsweredByIt(string provider)
    {
        fixture.Upstream(CompatibilityFixture.ServeAsync);
        const string schema = """{"type":"object","properties":{"answer":{"type":"integer"}},"required":["answer"],"additionalProperties":false}""";

        var message = await AnthropicSdk.Client(fixture.Gateway).Messages.Create(AnthropicSdk.Ask(provider + "/structured") with
        {
            OutputConfig = new OutputConfig { Format = new JsonOutputFormat { Schema = AnthropicSdk.Members(schema) } },
        });

        Assert.Equal(42, JsonDocument.Parse(AnthropicSdk.TextOf(message)).RootElement.GetProperty("answer").GetInt32());
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task Create_Image_ReachesTheProvider(string provider)
    {
        var asked = "";
        fixture.Upstream(exchange =>
        {
            asked = exchange.BodyText;
            return CompatibilityFixture.ServeAsync(exchange);
        });
        UserMessageParam question = new(new List<ContentBlockParam>
        {
            new ImageBlockParam(new Base64ImageSource { Data = ClientWire.Image, MediaType = MediaType.ImagePng }),
            new TextBlockParam("What is this?"),
        });

        var message = await AnthropicSdk.Client(fixture.Gateway).Messages.Create(AnthropicSdk.Ask(provider + "/chat", question));

        Assert.Equal("Hello there.", AnthropicSdk.TextOf(message));
        Assert.Contains(ClientWire.Image, asked.Replace("\\u002B", "+", StringComparison.OrdinalIgnoreCase).Replace("\\/", "/", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task Call_ProviderLimitsTheRate_IsTheClientsRateLimitException(string provider)
    {
        fixture.Upstream(CompatibilityFixture.ServeAsync);
        var client = AnthropicSdk.Client(fixture.Gateway);

        var whole = await Assert.ThrowsAsync<AnthropicRateLimitException>(() => client.Messages.Create(AnthropicSdk.Ask(provider + "/limited")));
        var streamed = await Assert.ThrowsAsync<AnthropicRateLimitException>(() => AnthropicSdk.ReadAsync(client.Messages.CreateStreaming(AnthropicSdk.Ask(provider + "/limited"))));

        Assert.All([whole, streamed], error => Assert.Equal("rate_limit_error", error.Body.GetProperty("error").GetProperty("type").GetString()));
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task Stream_ClientLeaves_TheProviderSeesItGo(string provider)
    {
        var wire = CompatibilityFixture.Wires.Single(w => w.Provider == provider);
        var gone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        fixture.Upstream(async exchange =>
        {
            exchange.Context.Response.ContentType = wire.StreamType;
            var pieces = wire.Stream(Feature.Stream, JsonNode.Parse(exchange.Body)!).ToArray();
            foreach (var piece in pieces.Take(Math.Max(1, pieces.Length - 3))) // without what ends it
            {
                await exchange.Context.Response.Body.WriteAsync(piece);
                await exchange.Context.Response.Body.FlushAsync();
            }

            await exchange.ClientGone.WaitAsync(ScriptedGateway.Patience);
            gone.SetResult();
        });
        using var leave = new CancellationTokenSource();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in AnthropicSdk.Client(fixture.Gateway).Messages.CreateStreaming(AnthropicSdk.Ask(provider + "/chat"), leave.Token))
                await leave.CancelAsync();
        });

        await gone.Task.WaitAsync(ScriptedGateway.Patience);
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task CountTokens_AnyProvider_IsMoreThanNothing(string provider)
    {
        fixture.Upstream(exchange => exchange.Context.Response.Body.WriteAsync("""{"input_tokens":9}"""u8.ToArray()).AsTask());

        var count = await AnthropicSdk.Client(fixture.Gateway).Messages.CountTokens(new MessageCountTokensParams
        {
            Model = provider + "/chat",
            Messages = [AnthropicSdk.Message("""{"role":"user","content":"How many tokens are these?"}""")],
        });

        Assert.InRange(count.InputTokens, 1, 100);
    }
}
