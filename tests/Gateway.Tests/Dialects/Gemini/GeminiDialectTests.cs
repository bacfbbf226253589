using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using Gateway.Dialects;
using Gateway.Dialects.Gemini;
using Gateway.Errors;

namespace Gateway.Tests.Dialects.Gemini;

public class GeminiDialectTests
{
    private static readonly GeminiDialect Dialect = new();

    [Fact]
    public void ReadRequest_Body_LeavesWhatThePathSaid()
    {
        var facts = new RequestFacts { Model = "gemini-3-pro", Stream = true };
        Assert.Null(Dialect.ReadRequest("""{"model":"x","contents":[{"parts":[]}],"generation_config":{"candidate_count":3,"stream":false}}"""u8, facts));
        Assert.Equal(("gemini-3-pro", true, 0, 3), (facts.Model, facts.Stream, facts.ModelLength, facts.Choices));
    }

    [Theory]
    [InlineData("", "invalid_json", null)]
    [InlineData("[]", "invalid_json", null)]
    [InlineData("{} {}", "invalid_json", null)]
    [InlineData("""{"contents":[}""", "invalid_json", null)]
    [InlineData("{}", "missing_parameter", "contents")]
    [InlineData("""{"contents":{}}""", "invalid_parameter", "contents")]
    [InlineData("""{"contents":[],"contents":[]}""", "invalid_parameter", "contents")]
    [InlineData("""{"contents":[],"generationConfig":{},"generation_config":{}}""", "invalid_parameter", "generationConfig")]
    [InlineData("""{"contents":[],"generationConfig":1}""", "invalid_parameter", "generationConfig")]
    [InlineData("""{"contents":[],"generationConfig":{"candidateCount":1,"candidate_count":8}}""", "invalid_parameter", "generationConfig.candidateCount")]
    public void ReadRequest_BadBody_SaysWhatIsWrong(string body, string code, string? param)
    {
        var error = Dialect.ReadRequest(Encoding.UTF8.GetBytes(body), new RequestFacts { Model = "m" });
        Assert.Equal((code, param), (error?.Code, error?.Param));
    }

    [Fact]
    public void ReadRequest_WholeRequestToCount_IsTaken() =>
        Assert.Null(Dialect.ReadRequest("""{"generateContentRequest":{"contents":[]}}"""u8, new RequestFacts { Model = "m" }));

    [Fact]
    public void WriteError_Limited_HasGooglesShape()
    {
        var error = Write(new GatewayError(ErrorKinds.UpstreamRateLimit, "Slow down.") { RetryAfter = TimeSpan.FromSeconds(2.4), Param = "contents" })["error"]!;
        Assert.Equal((429, "Slow down.", "RESOURCE_EXHAUSTED"), ((int)error["code"]!, (string?)error["message"], (string?)error["status"]));
        var details = error["details"]!.AsArray();
        Assert.Equal(
            """{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"PROVIDER_RATE_LIMITED","domain":"gateway","metadata":{"code":"provider_rate_limited","requestId":"req-1"}}""",
            details[0]!.ToJsonString());
        Assert.Equal("contents", (string?)details[1]!["fieldViolations"]![0]!["field"]);
        Assert.Equal("""{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"3s"}""", details[2]!.ToJsonString());
    }

    [Theory]
    [InlineData("invalid_api_key", 401, "UNAUTHENTICATED")]
    [InlineData("model_not_found", 404, "NOT_FOUND")]
    [InlineData("invalid_parameter", 400, "INVALID_ARGUMENT")]
    [InlineData("provider_overloaded", 503, "UNAVAILABLE")]
    [InlineData("total_timeout", 504, "DEADLINE_EXCEEDED")]
    [InlineData("internal_error", 500, "INTERNAL")]
    public void WriteError_Kinds_HaveGooglesStatus(string code, int status, string word)
    {
        var kind = typeof(ErrorKinds).GetFields().Select(f => (ErrorKind)f.GetValue(null)!).Single(k => k.Code == code);
        var error = Write(new GatewayError(kind, "x"))["error"]!;
        Assert.Equal((status, word), ((int)error["code"]!, (string?)error["status"]));
    }

    /// <summary>Google's client for JavaScript raises its exception only for a chunk that is an error by itself; the one for Python takes a comment for a broken chunk.</summary>
    [Fact]
    public void WriteStreamError_InAStream_IsBareJson()
    {
        var output = new ArrayBufferWriter<byte>();
        Dialect.WriteStreamError(output, new GatewayError(ErrorKinds.StreamCut, "cut"), "req-1");
        var text = Encoding.UTF8.GetString(output.WrittenSpan);
        Assert.Equal(502, (int)JsonNode.Parse(text)!["error"]!["code"]!);
        Assert.DoesNotContain("\n\n", text.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.DoesNotContain(':', Encoding.UTF8.GetString(Dialect.KeepAlive.Span));
    }

    [Theory]
    [InlineData("""{"error":{"code":400,"message":"API key not valid.","status":"INVALID_ARGUMENT","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"API_KEY_INVALID"}]}}""", "invalid_api_key", "INVALID_ARGUMENT", null, null)]
    [InlineData("""{"error":{"code":429,"message":"q","status":"RESOURCE_EXHAUSTED","details":[{"@type":"type.googleapis.com/google.rpc.QuotaFailure","violations":[{"quotaId":"GenerateRequestsPerDayPerProjectPerModel-FreeTier"}]},{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"37s"}]}}""", "insufficient_quota", "RESOURCE_EXHAUSTED", null, 37.0)]
    [InlineData("""[{"error":{"code":429,"status":"RESOURCE_EXHAUSTED","details":[{"@type":"type.googleapis.com/google.rpc.QuotaFailure","violations":[{"quotaId":"RequestsPerMinute"}]},{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"1.5s"}]}}]""", null, "RESOURCE_EXHAUSTED", null, 1.5)]
    [InlineData("""{"error":{"status":"INVALID_ARGUMENT","details":[{"@type":"type.googleapis.com/google.rpc.BadRequest","fieldViolations":[{"field":"contents[0]","description":"d"}]}]}}""", null, "INVALID_ARGUMENT", "contents[0]", null)]
    [InlineData("""{"error":{"status":"FAILED_PRECONDITION","message":"User location is not supported for the API use."}}""", "account_unusable", "FAILED_PRECONDITION", null, null)]
    [InlineData("<html>", null, null, null, null)]
    [InlineData("{}", null, null, null, null)]
    public void ReadError_Body_IsUnderstood(string body, string? code, string? type, string? param, double? wait)
    {
        var facts = Dialect.ReadError(Encoding.UTF8.GetBytes(body));
        Assert.Equal((code, type, param, wait), (facts.Code, facts.Type, facts.Param, facts.RetryAfter?.TotalSeconds));
    }

    private static JsonNode Write(GatewayError error)
    {
        var output = new ArrayBufferWriter<byte>();
        Dialect.WriteError(output, error, "req-1");
        return JsonNode.Parse(output.WrittenSpan)!;
    }
}
