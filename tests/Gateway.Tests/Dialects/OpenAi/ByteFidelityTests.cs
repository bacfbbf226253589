using System.Text;
using CsCheck;
using Gateway.Dialects;
using Gateway.Dialects.OpenAiChat;
using Gateway.Tests.Testing;
using Gateway.Transport;

namespace Gateway.Tests.Dialects.OpenAi;

/// <summary>What a provider receives is what the client wrote, but for the spliced values.</summary>
public class ByteFidelityTests
{
    private static readonly OpenAiChatDialect Chat = new();

    [Fact]
    public void Splice_RandomBodies_ChangesNothingElse() =>
        Gen.Int.Sample(seed =>
        {
            var body = RandomBody.Create(seed, ["\"alias\"", "\"al\\u0069as\"", "\"a/b:c\""], "\"gpt-x\"");
            Assert.Equal(Encoding.UTF8.GetString(body.Expected), Encoding.UTF8.GetString(Splice(body.Sent, "\"gpt-x\"")));
        }, iter: 20_000);

    [Fact]
    public void Splice_TargetsModelAndUsageAskedFor_IsIdentical() =>
        Gen.Int.Sample(seed =>
        {
            var body = RandomBody.Create(seed, ["\"gpt-x\""], "\"gpt-x\"");
            if (body.Stream && !body.WantsUsage)
                return;
            Assert.True(body.Sent.AsSpan().SequenceEqual(Splice(body.Sent, "\"gpt-x\"")));
        }, iter: 20_000);

    [Fact]
    public void Read_RandomBodies_KnowsWhatTheyAsk() =>
        Gen.Int.Sample(seed =>
        {
            var body = RandomBody.Create(seed, ["\"m\"", "\"\\u006d\""], "\"m\"");
            var facts = new RequestFacts();
            Assert.Null(Chat.ReadRequest(body.Sent, facts));
            Assert.Equal("m", facts.Model);
            Assert.Equal(body.Stream, facts.Stream);
            Assert.Equal(body.WantsUsage, facts.WantsStreamUsage);
        }, iter: 5_000);

    [Theory]
    [InlineData("""{"model":"a","Model":"b"}""")]
    [InlineData("""{"MODEL":"b","model":"a"}""")]
    [InlineData("""{"model":"a","\u004dodel":"b"}""")]
    public void Read_ModelInAnotherCase_IsRefused(string body)
    {
        var error = Chat.ReadRequest(Encoding.UTF8.GetBytes(body), new RequestFacts());
        Assert.Equal("invalid_parameter", error?.Code);
        Assert.Equal("model", error?.Param);
    }

    [Theory]
    [InlineData("""{"model":"a","stream":true,"stream":false}""")]
    [InlineData("""{"stream_options":null,"model":"a","stream_options":{}}""")]
    [InlineData("""{"model":"a","n":1,"n":2}""")]
    [InlineData("""{"model":"a","stream_options":{"include_usage":true,"include_usage":false}}""")]
    public void Read_MemberTwice_IsRefused(string body) =>
        Assert.Equal("invalid_parameter", Chat.ReadRequest(Encoding.UTF8.GetBytes(body), new RequestFacts())?.Code);

    [Fact]
    public async Task Gateway_RandomBodies_ReachTheProviderAsWritten()
    {
        byte[] reply = [.. """  {"id":"x","model":"gpt-x","choices":[{"index":0,"message":{"content":"\ud83d \u00e9 é"},"finish_reason":"stop"}],"n":1e400,"n":-0,"usage":{"prompt_tokens":1,"completion_tokens":1}} """u8];
        await using var upstream = await ScriptedUpstream.StartAsync(Script.Handle(async exchange =>
        {
            var isStream = exchange.Headers.Accept == "text/event-stream";
            exchange.Context.Response.ContentType = isStream ? "text/event-stream" : "application/json";
            await exchange.Context.Response.BodyWriter.WriteAsync(isStream ? OpenAiStreams.Chat("text") : reply);
        }));
        await using var gateway = await GatewayHost.StartAsync(upstream);
        for (var seed = 1; seed <= 60; seed++)
        {
            var body = RandomBody.Create(seed, ["\"up/gpt-x\"", "\"\\u0075p/gpt-x\"", "\"up\\/gpt-x\""], "\"gpt-x\"");
            using var content = new ByteArrayContent(body.Sent);
            content.Headers.ContentType = new("application/json");
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = content };
            if (seed % 2 == 0)
                request.Headers.TransferEncodingChunked = true;
            using var response = await gateway.Client.SendAsync(request);

            Assert.Equal(200, (int)response.StatusCode);
            var received = (await upstream.WaitForRequestAsync(seed)).Body;
            Assert.Equal(Encoding.UTF8.GetString(body.Expected), Encoding.UTF8.GetString(received));
            var answer = await response.Content.ReadAsByteArrayAsync();
            Assert.True((body.Stream ? OpenAiStreams.Chat("text") : reply).AsSpan().SequenceEqual(answer));
        }
    }

    private static byte[] Splice(byte[] sent, string targetModel)
    {
        var facts = new RequestFacts();
        Assert.Null(Chat.ReadRequest(sent, facts));
        var target = Encoding.UTF8.GetBytes(targetModel);
        var isSame = sent.AsSpan(facts.ModelStart, facts.ModelLength).SequenceEqual(target);
        var model = isSame ? default : new Splice(facts.ModelStart, facts.ModelLength, target);
        var usage = facts.StreamUsage.Kind == UsageSpliceKind.None ? default : new Splice(facts.StreamUsage.Start, facts.StreamUsage.Length, Chat.UsageSpliceBytes(facts.StreamUsage.Kind));
        using var content = new SplicedContent(sent, model, usage);
        using var output = new MemoryStream();
        content.CopyToAsync(output).GetAwaiter().GetResult();
        Assert.Equal(content.Headers.ContentLength, output.Length);
        return output.ToArray();
    }
}
