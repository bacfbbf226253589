using System.Text;
using Gateway.Tests.Testing;

namespace Gateway.Tests.Pipeline;

public class DeliveryStageTests
{
    private const string Ask = """{"model":"up/m","messages":[]}""";
    private const string AskStream = """{"model":"up/m","stream":true,"messages":[]}""";

    [Theory]
    [InlineData(0)]
    [InlineData(256 * 1024)]
    [InlineData(256 * 1024 + 1)]
    [InlineData(3_000_000)]
    public async Task Answer_AnySize_ArrivesByteForByte(int padding)
    {
        var answer = Encoding.UTF8.GetBytes("{\"choices\":[],\"x\":\"" + new string('é', padding / 2) + "\"}");
        using var rig = new PipelineRig { Upstream = PipelineRig.Whole(answer) };
        var client = await rig.ServeAsync(Ask);
        Assert.True(answer.AsSpan().SequenceEqual(client.Sent));
        Assert.Equal(answer.Length.ToString(System.Globalization.CultureInfo.InvariantCulture), client.ReplyHeaders["Content-Length"]);
        Assert.True(client.IsCompleted);
    }

    [Fact]
    public async Task Client_LeavesAsTheReplyEnds_IsNoFailureAndTheUpstreamIsLetGo()
    {
        var disposed = false;
        using var rig = new PipelineRig();
        rig.Upstream = () =>
        {
            var response = new HttpResponseMessage(System.Net.HttpStatusCode.OK) { Content = new StreamContent(new Disposable(OpenAiStreams.Chat("text"), () => disposed = true)) };
            response.Content.Headers.ContentType = new("text/event-stream");
            return response;
        };
        var client = await rig.ServeAsync(AskStream, prepare: c => c.FailCompletion = new OperationCanceledException());
        Assert.True(disposed);
        Assert.True(client.IsBroken);
        Assert.False(client.IsCompleted);
        Assert.Equal("completed", Gateway.Metering.LedgerOutcomes.Name(Assert.Single(rig.Entries).Outcome));
    }

    [Fact]
    public async Task Body_TooSlow_Is408()
    {
        using var rig = new PipelineRig();
        var client = await rig.ServeAsync(Ask, prepare: c => c.FailBody = new IOException("too slow"));
        Assert.Equal(408, client.Status);
        Assert.Equal("request_timeout", Assert.Single(rig.Entries).ErrorCode);
        Assert.Equal(0, rig.Entries[0].Attempts);
    }

    [Fact]
    public async Task StreamFacts_AskedFor_AreACommentBeforeTheEnd()
    {
        using var rig = new PipelineRig { Upstream = PipelineRig.Stream(OpenAiStreams.Chat("usage")) };
        var client = await rig.ServeAsync(AskStream, prepare: c => c.With("x-gateway-stream-facts", "1"));
        var blocks = client.SentText.Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("data: [DONE]", blocks[^1]);
        Assert.StartsWith(": gateway x-request-id=req-1 x-gateway-provider=up x-gateway-model=m x-gateway-attempts=1 x-gateway-cost-usd=0.", blocks[^2], StringComparison.Ordinal);
    }

    private sealed class Disposable(byte[] bytes, Action onDispose) : MemoryStream(bytes)
    {
        protected override void Dispose(bool disposing)
        {
            onDispose();
            base.Dispose(disposing);
        }
    }
}
