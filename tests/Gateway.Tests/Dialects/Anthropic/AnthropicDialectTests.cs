using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using Gateway.Dialects;
using Gateway.Dialects.Anthropic;
using Gateway.Errors;
using Gateway.Metering;
using Gateway.Transport;

namespace Gateway.Tests.Dialects.Anthropic;

public class AnthropicDialectTests
{
    private static readonly AnthropicDialect Dialect = new();

    [Fact]
    public void ReadRequest_Body_GivesModelItsPlaceAndStream()
    {
        const string body = """{"max_tokens":1, "model" : "claude-\u0061","messages":[{"model":"x"}],"stream":true}""";
        var facts = new RequestFacts();
        Assert.Null(Dialect.ReadRequest(Encoding.UTF8.GetBytes(body), facts));
        Assert.Equal(("claude-a", true), (facts.Model, facts.Stream));
        Assert.Equal("\"claude-\\u0061\"", body.Substring(facts.ModelStart, facts.ModelLength));
    }

    [Theory]
    [InlineData("", "invalid_json")]
    [InlineData("[]", "invalid_json")]
    [InlineData("{\"model\":\"m\"", "invalid_json")]
    [InlineData("{\"model\":\"m\"}{}", "invalid_json")]
    [InlineData("{}", "missing_parameter")]
    [InlineData("{\"model\":1}", "invalid_parameter")]
    [InlineData("{\"model\":\"\"}", "invalid_parameter")]
    [InlineData("{\"model\":\"a\\nb\"}", "invalid_parameter")]
    [InlineData("{\"model\":\"a\",\"model\":\"b\"}", "invalid_parameter")]
    [InlineData("{\"model\":\"a\",\"Model\":\"b\"}", "invalid_parameter")]
    [InlineData("{\"model\":\"a\",\"stream\":1}", "invalid_parameter")]
    public void ReadRequest_WrongBody_IsRefused(string body, string code) =>
        Assert.Equal(code, Dialect.ReadRequest(Encoding.UTF8.GetBytes(body), new RequestFacts())!.Code);

    [Theory]
    [InlineData(400, "invalid_request_error")]
    [InlineData(401, "authentication_error")]
    [InlineData(403, "permission_error")]
    [InlineData(404, "not_found_error")]
    [InlineData(413, "request_too_large")]
    [InlineData(429, "rate_limit_error")]
    [InlineData(502, "api_error")]
    [InlineData(503, "overloaded_error")]
    [InlineData(504, "timeout_error")]
    public void WriteError_Status_HasTheWiresType(int status, string type)
    {
        var output = new ArrayBufferWriter<byte>();
        Dialect.WriteError(output, Error(status), "req-1");
        var error = JsonNode.Parse(output.WrittenSpan)!;
        Assert.Equal(("error", type, "why \"", "req-1"), ((string?)error["type"], (string?)error["error"]!["type"], (string?)error["error"]!["message"], (string?)error["request_id"]));
        Assert.Equal(new ProviderErrorFacts("code", type, "why \"", null), Dialect.ReadError(output.WrittenSpan));
    }

    [Fact]
    public void WriteStreamError_Frame_IsAnErrorEvent()
    {
        var output = new ArrayBufferWriter<byte>();
        Dialect.WriteStreamError(output, Error(503), "req-1");
        var text = Encoding.UTF8.GetString(output.WrittenSpan);
        Assert.StartsWith("event: error\ndata: {\"type\":\"error\"", text, StringComparison.Ordinal);
        Assert.EndsWith("}\n\n", text, StringComparison.Ordinal);
        Assert.Equal(2, text.Count(c => c == '\n') - 1);
    }

    [Theory]
    [InlineData("""{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}""", "overloaded_error", "Overloaded")]
    [InlineData("""{"error":"bad gateway"}""", null, "bad gateway")]
    [InlineData("""{"message":"denied"}""", null, "denied")]
    [InlineData("<html>", null, null)]
    [InlineData("", null, null)]
    [InlineData("[1]", null, null)]
    public void ReadError_Body_IsReadAsFarAsItGoes(string body, string? type, string? message) =>
        Assert.Equal(new ProviderErrorFacts(null, type, message, null), Dialect.ReadError(Encoding.UTF8.GetBytes(body)));

    [Fact]
    public void TryReadReply_Message_GivesTheFacts()
    {
        var facts = new ReplyFacts();
        Assert.True(Dialect.TryReadReply("""
            {"id":"msg_1","type":"message","model":"m","content":[{"type":"text","text":"x"}],"stop_reason":"max_tokens","usage":{"input_tokens":1,"cache_read_input_tokens":2,"cache_creation":{"ephemeral_5m_input_tokens":3,"ephemeral_1h_input_tokens":4},"output_tokens":5}}
            """u8, facts));
        Assert.Equal(("msg_1", "m", "length", new TokenUsage(10, 5, 2, 7)), (facts.Id, facts.Model, facts.FinishReason, facts.Usage));
        Assert.False(Dialect.TryReadReply("""{"type":"error","error":{"type":"x","message":"y"}}"""u8, new ReplyFacts()));
        Assert.False(Dialect.TryReadReply("<html>"u8, new ReplyFacts()));
    }

    [Fact]
    public void KeepAlive_Bytes_AreAPing()
    {
        using var reader = new SseReader(64);
        Dialect.KeepAlive.CopyTo(reader.GetMemory(Dialect.KeepAlive.Length));
        reader.Advance(Dialect.KeepAlive.Length);
        Assert.True(reader.TryRead(out var frame));
        Assert.Equal("ping", (string?)JsonNode.Parse(frame.Data)!["type"]);
    }

    [Fact]
    public void CountTokens_Reply_IsTheNumber()
    {
        var output = new ArrayBufferWriter<byte>();
        AnthropicCountTokens.Write(output, 42);
        Assert.Equal("{\"input_tokens\":42}", Encoding.UTF8.GetString(output.WrittenSpan));
    }

    private static GatewayError Error(int status) =>
        new(new ErrorKind("code", status, ErrorStage.Upstream, ErrorBlame.Provider, false, "t"), "why \"");
}
