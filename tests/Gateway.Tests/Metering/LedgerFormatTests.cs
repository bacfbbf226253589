using System.Buffers;
using System.Text;
using System.Text.Json;
using Gateway.Metering;

namespace Gateway.Tests.Metering;

public sealed class LedgerFormatTests
{
    [Fact]
    public void WriteRow_AwkwardText_IsQuotedAndDefused()
    {
        var output = new ArrayBufferWriter<byte>();
        LedgerCsv.WriteHeader(output);
        var header = output.WrittenCount;
        LedgerCsv.WriteRow(output, Samples.Full() with { Replica = "r1", Sequence = 9 });

        var columns = Encoding.UTF8.GetString(output.WrittenSpan[..header]).TrimEnd().Split(',');
        var row = Encoding.UTF8.GetString(output.WrittenSpan[header..]);
        Assert.StartsWith("r1,9,2026-08-01T12:00:00.001000Z,\"req \"\"quoted\"\"\\ \u0001 é 😀\",key_1,acme,\"red \"\"team\"\"\",ada,chat,", row, StringComparison.Ordinal);
        Assert.Contains(",\"'=cmd|' /C calc'!A0,\"\"x\"\"\r\n\",", row, StringComparison.Ordinal);
        Assert.Contains(",3,0,eu-1,fast,night,b,17,\"{\"\"v\"\":1,", row, StringComparison.Ordinal);
        Assert.EndsWith("}]}\",0.000001001\r\n", row, StringComparison.Ordinal);
        Assert.Equal(LedgerFields.All.Length + 1, columns.Length);
        Assert.Equal("cost_usd", columns[^1]);
    }

    [Theory]
    [InlineData("=1")]
    [InlineData("+1")]
    [InlineData("-1")]
    [InlineData("@A1")]
    [InlineData("\tx")]
    [InlineData("\rx")]
    public void WriteRow_TextThatStartsAFormula_GetsAnApostrophe(string model)
    {
        var output = new ArrayBufferWriter<byte>();
        LedgerCsv.WriteRow(output, Samples.Entry(0) with { RequestedModel = model });

        Assert.Contains("'" + model, Encoding.UTF8.GetString(output.WrittenSpan), StringComparison.Ordinal);
    }

    [Fact]
    public void Write_Page_HasSnakeCaseMembersAndMoneyTwice()
    {
        var output = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(output))
            LedgerJson.Write(writer, new LedgerPage([Samples.Entry(0) with { CostNanoUsd = 1_234_567_890, TimeToFirstTokenMicros = null }], "abc"));

        using var json = JsonDocument.Parse(output.WrittenMemory);
        var entry = json.RootElement.GetProperty("data")[0];
        Assert.Equal("abc", json.RootElement.GetProperty("next_cursor").GetString());
        Assert.Equal(1_234_567_890, entry.GetProperty("cost_nano_usd").GetInt64());
        Assert.Equal("1.23456789", entry.GetProperty("cost_usd").GetString());
        Assert.Equal("completed", entry.GetProperty("outcome").GetString());
        Assert.Equal("2026-08-01T12:00:00.000000Z", entry.GetProperty("time").GetString());
        Assert.Equal(JsonValueKind.Null, entry.GetProperty("time_to_first_token_us").ValueKind);
        Assert.True(entry.GetProperty("streamed").GetBoolean());
        Assert.Equal(LedgerFields.All.Length + 1, entry.EnumerateObject().Count());
        Assert.Equal(JsonValueKind.Null, entry.GetProperty("attempt_list").ValueKind);
    }

    [Fact]
    public void Write_EntryWithAttempts_HasThemAsAList()
    {
        var output = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(output))
            LedgerJson.Write(writer, Samples.Full());

        using var json = JsonDocument.Parse(output.WrittenMemory);
        var list = json.RootElement.GetProperty("attempt_list");
        Assert.Equal(1, list.GetProperty("v").GetInt32());
        Assert.Equal(["first", "fallback"], list.GetProperty("list").EnumerateArray().Select(a => a.GetProperty("reason").GetString()));
        Assert.Equal(17, json.RootElement.GetProperty("wasted_nano_usd").GetInt64());
    }

    [Fact]
    public void Read_AttemptsOfANewerGateway_AreTakenAsFarAsTheyAreKnown()
    {
        var read = AttemptJson.Read("""{"v":2,"list":[{"provider":"a","model":"m","reason":"guess","outcome":"odd","weather":{"rain":1}}],"more":[]}""")!;
        Assert.Equal((2, "guess", "odd"), (read.V, read.List[0].Reason, read.List[0].Outcome));
    }

    [Fact]
    public void Write_Summary_HasTotalsAndModels()
    {
        var output = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(output))
            LedgerJson.Write(writer, new UsageSummary("k", Samples.Epoch, null, [new ModelUsage("m", 2, 1, new TokenUsage(3, 4), 5)]));

        Assert.Equal(
            """{"key_id":"k","from":"2026-08-01T12:00:00.000000Z","to":null,"requests":2,"cost_nano_usd":5,"cost_usd":"0.000000005","models":[{"model":"m","requests":2,"estimated_requests":1,"input_tokens":3,"output_tokens":4,"cache_read_tokens":0,"cache_write_tokens":0,"reasoning_tokens":0,"audio_input_tokens":0,"audio_output_tokens":0,"search_units":0,"cost_nano_usd":5,"cost_usd":"0.000000005"}]}""",
            Encoding.UTF8.GetString(output.WrittenSpan));
    }

    [Fact]
    public void Of_KnownText_IsCastagnoli() => Assert.Equal(0xE3069283u, Crc32C.Of("123456789"u8));
}
