using System.Text;
using System.Text.Json;
using Gateway.Metering;
using Gateway.Protocol;
using Gateway.Tests.Pipeline;
using Gateway.Tests.Testing;

namespace Gateway.Tests.Metering;

public class MeteringStageTests
{
    private const string Ask = """{"model":"up/m","messages":[{"role":"user","content":"How are you today?"}]}""";
    private const string AskStream = """{"model":"up/m","stream":true,"messages":[{"role":"user","content":"How are you today?"}]}""";

    [Theory]
    [InlineData("""{"prompt_tokens":100,"completion_tokens":20}""", 100, 20, 0, 0, 0, 0, 0)]
    [InlineData("""{"prompt_tokens":100,"completion_tokens":20,"prompt_tokens_details":{"cached_tokens":60,"audio_tokens":7},"completion_tokens_details":{"reasoning_tokens":9,"audio_tokens":3}}""", 100, 20, 60, 0, 9, 7, 3)]
    [InlineData("""{"input_tokens":100,"output_tokens":20,"input_tokens_details":{"cached_tokens":5,"cache_write_tokens":6},"output_tokens_details":{"reasoning_tokens":9}}""", 100, 20, 5, 6, 9, 0, 0)]
    [InlineData("""{"prompt_tokens":100,"completion_tokens":20,"prompt_cache_hit_tokens":64,"prompt_cache_miss_tokens":36}""", 100, 20, 64, 0, 0, 0, 0)]
    [InlineData("""{"prompt_tokens":100.0,"completion_tokens":2e1,"prompt_tokens_details":null}""", 100, 20, 0, 0, 0, 0, 0)]
    [InlineData("""{"prompt_tokens":-5,"completion_tokens":20}""", 0, 20, 0, 0, 0, 0, 0)]
    public async Task Usage_AsTheProviderSays_IsRecordedByClass(string usage, long input, long output, long read, long write, long reasoning, long audioIn, long audioOut)
    {
        using var rig = new PipelineRig { Upstream = PipelineRig.Whole(Reply(usage)) };
        await rig.ServeAsync(Ask);
        var entry = Assert.Single(rig.Entries);
        Assert.Equal(new TokenUsage(input, output, read, write, reasoning, audioIn, audioOut), entry.Usage);
        Assert.False(entry.Estimated);
        Assert.Equal(LedgerOutcome.Completed, entry.Outcome);
        Assert.Equal(CostCalculator.Cost(new ModelPrice("", 1_000_000_000, 10_000_000_000), entry.Usage), entry.CostNanoUsd);
        Assert.Equal("test:1", entry.PriceVersion);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("7")]
    [InlineData("""{"prompt_tokens":9223372036854775807,"completion_tokens":1}""")]
    [InlineData("""{"prompt_tokens":1,"completion_tokens":1e300}""")]
    public async Task Usage_NotSaidOrImpossible_IsEstimated(string usage)
    {
        using var rig = new PipelineRig { Upstream = PipelineRig.Whole(Reply(usage)) };
        var client = await rig.ServeAsync(Ask);
        Assert.Equal(200, client.Status);
        var entry = Assert.Single(rig.Entries);
        Assert.True(entry.Estimated);
        Assert.InRange(entry.Usage.Input, 5, 20);
        Assert.InRange(entry.Usage.Output, 4, 12);
        Assert.True(entry.CostNanoUsd > 0);
    }

    [Fact]
    public async Task Usage_ReasoningOutsideOutput_IsAdded()
    {
        using var rig = new PipelineRig(reasoningInOutput: false)
        {
            Upstream = PipelineRig.Whole(Reply("""{"prompt_tokens":10,"completion_tokens":20,"completion_tokens_details":{"reasoning_tokens":300}}""")),
        };
        await rig.ServeAsync(Ask);
        Assert.Equal(new TokenUsage(10, 320, Reasoning: 300), Assert.Single(rig.Entries).Usage);
    }

    [Fact]
    public async Task Usage_StreamWithoutIt_IsEstimatedFromWhatWasSeen()
    {
        using var rig = new PipelineRig { Upstream = PipelineRig.Stream(OpenAiStreams.Chat("text")) };
        var client = await rig.ServeAsync(AskStream);
        var entry = Assert.Single(rig.Entries);
        Assert.True(entry.Estimated);
        Assert.True(entry.Streamed);
        Assert.InRange(entry.Usage.Output, 2, 40);
        Assert.Equal("stop", entry.FinishReason);
        Assert.NotNull(entry.TimeToFirstTokenMicros);
        Assert.Equal(Encoding.UTF8.GetString(OpenAiStreams.Chat("text")), client.SentText);
        Assert.True(client.IsCompleted);
    }

    [Fact]
    public async Task Usage_ResponsesStream_IsRecorded()
    {
        using var rig = new PipelineRig { Upstream = PipelineRig.Stream(OpenAiStreams.Responses()) };
        var client = await rig.ServeAsync("""{"model":"up/m","stream":true,"input":"hi"}""", Operation.Responses);
        var entry = Assert.Single(rig.Entries);
        Assert.Equal(new TokenUsage(11, 5), entry.Usage);
        Assert.False(entry.Estimated);
        Assert.Equal("stop", entry.FinishReason);
        Assert.Equal("resp_golden1", entry.ResponseId);
        Assert.Equal(Encoding.UTF8.GetString(OpenAiStreams.Responses()), client.SentText);
    }

    [Fact]
    public async Task Usage_ResponsesStreamThatIsCut_IsEstimatedAndInterrupted()
    {
        var bytes = OpenAiStreams.Responses();
        using var rig = new PipelineRig { Upstream = PipelineRig.Stream(bytes[..^600]) };
        var client = await rig.ServeAsync("""{"model":"up/m","stream":true,"input":"hi"}""", Operation.Responses);
        var entry = Assert.Single(rig.Entries);
        Assert.True(entry.Estimated);
        Assert.InRange(entry.Usage.Output, 2, 12);
        Assert.Equal(LedgerOutcome.Interrupted, entry.Outcome);
        Assert.Null(entry.FinishReason);
        Assert.True(client.IsBroken);
        Assert.False(client.IsCompleted);
        Assert.Contains("\"type\":\"error\"", client.SentText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Usage_ResponsesReplyWithoutIt_IsEstimated()
    {
        using var rig = new PipelineRig { Upstream = PipelineRig.Whole("""{"id":"r","object":"response","status":"completed","output":[{"type":"message","content":[{"type":"output_text","text":"Fine, and how are you?"}]}]}""") };
        await rig.ServeAsync("""{"model":"up/m","input":"How are you?"}""", Operation.Responses);
        var entry = Assert.Single(rig.Entries);
        Assert.True(entry.Estimated);
        Assert.InRange(entry.Usage.Output, 5, 10);
    }

    [Fact]
    public async Task Price_OfTheCeiling_IsNamedInTheEntry()
    {
        using var rig = new PipelineRig(price: new ModelPrice("ceiling:test", 5, 7)) { Upstream = PipelineRig.Whole(Reply("""{"prompt_tokens":1000000,"completion_tokens":1000000}""")) };
        await rig.ServeAsync(Ask);
        var entry = Assert.Single(rig.Entries);
        Assert.Equal(12, entry.CostNanoUsd);
        Assert.Equal("ceiling:test", entry.PriceVersion);
    }

    [Fact]
    public async Task Ledger_AppendFails_WholeReplyIs503()
    {
        using var rig = new PipelineRig { Upstream = PipelineRig.Whole(Reply("null")), LedgerFailure = new IOException("disk full") };
        var client = await rig.ServeAsync(Ask);
        Assert.Equal(503, client.Status);
        Assert.Equal("ledger_unavailable", Code(client.SentText));
        Assert.DoesNotContain("I am fine", client.SentText, StringComparison.Ordinal);
        Assert.Equal(LedgerOutcome.Failed, Assert.Single(rig.Observed).Outcome);
        Assert.Equal(503, rig.Observed[0].Status);
    }

    [Fact]
    public async Task Ledger_AppendFails_StreamEndsInAnErrorAndNotProperly()
    {
        using var rig = new PipelineRig { Upstream = PipelineRig.Stream(OpenAiStreams.Chat("text")), LedgerFailure = new IOException("disk full") };
        var client = await rig.ServeAsync(AskStream);
        Assert.DoesNotContain("[DONE]", client.SentText, StringComparison.Ordinal);
        Assert.Contains("\"code\":\"ledger_unavailable\"", client.SentText, StringComparison.Ordinal);
        Assert.True(client.IsBroken);
        Assert.False(client.IsCompleted);
        Assert.Equal(LedgerOutcome.Interrupted, Assert.Single(rig.Observed).Outcome);
    }

    [Theory]
    [InlineData(typeof(InvalidOperationException), 500)]
    [InlineData(typeof(LedgerUnavailableException), 503)]
    public async Task Ledger_ThrowsAnything_IsNoSuccess(Type type, int status)
    {
        var failure = type == typeof(LedgerUnavailableException) ? new LedgerUnavailableException("x", new IOException()) : (Exception)new InvalidOperationException();
        using var rig = new PipelineRig { Upstream = PipelineRig.Whole(Reply("null")), LedgerFailure = failure };
        Assert.Equal(status, (await rig.ServeAsync(Ask)).Status);
    }

    [Fact]
    public async Task Attempt_FailedBeforeContent_IsRecordedAndNotBilled()
    {
        var events = """
            data: {"choices":[],"usage":{"prompt_tokens":50,"completion_tokens":7}}

            data: {"error":{"message":"secret insides","type":"server_error"}}


            """;
        using var rig = new PipelineRig { Upstream = PipelineRig.Stream(Encoding.UTF8.GetBytes(events)) };
        var client = await rig.ServeAsync(AskStream);
        Assert.Equal(502, client.Status);
        Assert.DoesNotContain("secret insides", client.SentText, StringComparison.Ordinal);
        var entry = Assert.Single(rig.Entries);
        Assert.Equal(0, entry.CostNanoUsd);
        Assert.Equal(default, entry.Usage);
        Assert.Equal(LedgerOutcome.Failed, entry.Outcome);
        Assert.Equal("provider_error", entry.ErrorCode);
    }

    [Fact]
    public async Task Client_LeavesBeforeTheAnswer_IsRecordedAsAbortedWithItsPrompt()
    {
        using var rig = new PipelineRig();
        MemoryExchange? exchange = null;
        rig.Upstream = () =>
        {
            exchange!.Leave();
            throw new OperationCanceledException();
        };
        var client = await rig.ServeAsync(Ask, prepare: c => exchange = c);
        var entry = Assert.Single(rig.Entries);
        Assert.Equal(LedgerOutcome.Aborted, entry.Outcome);
        Assert.Equal(499, entry.Status);
        Assert.True(entry.Estimated);
        Assert.True(entry.Usage.Input > 0);
        Assert.Equal(0, entry.Usage.Output);
        Assert.Equal(0, client.Status);
        Assert.False(client.IsCompleted);
    }

    private static string Reply(string usage) =>
        "{\"id\":\"x\",\"model\":\"m-1\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"I am fine, thank you!\"},\"finish_reason\":\"stop\"}],\"usage\":" + usage + "}";

    private static string? Code(string body) => JsonDocument.Parse(body).RootElement.GetProperty("error").GetProperty("code").GetString();
}
