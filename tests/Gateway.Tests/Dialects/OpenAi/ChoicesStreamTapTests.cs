using System.Text;
using System.Text.Json;
using CsCheck;
using Gateway.Dialects;
using Gateway.Dialects.OpenAi;
using Gateway.Transport;

namespace Gateway.Tests.Dialects.OpenAi;

/// <summary>Events that differ in their text alone are compared instead of read: what is told of them must not differ.</summary>
public class ChoicesStreamTapTests
{
    // Texts in JSON's own form: with escapes, with what ends an event, and with what would make another event of it.
    private static readonly Gen<string> Text = Gen.OneOf(
        "", "a", " t1", "\\n", "a\\\"b", "\\u00e9", "é😀", "}", "],\\\"", "a\\\\", new string('x', 300), "\\\"},\\\"finish_reason\\\":\\\"stop\\\"");

    private static readonly Gen<string> Member = Gen.OneOf(
        Gen.Const(",\"logprobs\":null,\"finish_reason\":null"), Gen.Const(",\"logprobs\":null,\"finish_reason\":null"), Gen.Const(",\"finish_reason\":\"stop\""), Gen.Const(""));

    private static readonly Gen<string> Delta = Gen.Select(Text, Text, Gen.Int[0, 9]).Select((one, two, kind) => kind switch
    {
        0 => $$"""{"content":"{{one}}","reasoning":"{{two}}"}""",
        1 => $$$"""{"tool_calls":[{"index":0,"function":{"arguments":"{{{one}}}"}}]}""",
        2 => $$"""{"role":"assistant","content":"{{one}}"}""",
        3 => "{}",
        _ => $$"""{"content":"{{one}}"}""",
    });

    private static readonly Gen<string> Event = Gen.Select(Delta, Member, Gen.Int[0, 19]).Select((delta, member, kind) =>
        $$$"""{"id":"c{{{(kind == 0 ? 1 : 0)}}}","model":"m","choices":[{"index":{{{(kind == 1 ? 1 : 0)}}},"delta":{{{delta}}}{{{member}}}}],"usage":{{{(kind == 2 ? """{"prompt_tokens":3,"completion_tokens":4}""" : "null")}}}}""");

    [Fact]
    public void Observe_EventsThatDifferInTheirTextAlone_AreToldAsIfEachWereRead() => Event.Array[1, 40].Sample(events =>
    {
        var facts = new ReplyFacts();
        using var tap = new ChoicesStreamTap(facts, new RequestFacts());
        var seen = new StringBuilder();
        foreach (var json in events)
        {
            var data = Encoding.UTF8.GetBytes(json);
            var texts = TextsOf(json, out var isFinish);
            var verdict = tap.Observe(new StreamFrame(data, data, hasData: true));
            Assert.Equal(texts.Length > 0 || isFinish ? TapVerdict.Content : TapVerdict.Preamble, verdict);
            seen.Append(texts);
            Assert.Equal(seen.ToString(), Decoded(tap.SeenText));
        }

        Assert.Equal("c0", facts.Id is "c1" ? "c0" : facts.Id);
        Assert.Equal(events.Any(json => json.Contains("\"index\":0,\"delta\"", StringComparison.Ordinal) && json.Contains("\"finish_reason\":\"stop\"", StringComparison.Ordinal)) ? "stop" : null, facts.FinishReason);
        Assert.Equal(events.Any(json => json.Contains("\"completion_tokens\"", StringComparison.Ordinal)) ? 4 : null, facts.Usage?.Output);
    });

    [Fact]
    public void Observe_RestOfAnEventIsBroken_IsMalformed()
    {
        using var tap = new ChoicesStreamTap(new ReplyFacts(), new RequestFacts());
        Assert.Equal(TapVerdict.Content, Observe(tap, """{"choices":[{"index":0,"delta":{"content":"a"}}]}"""));
        Assert.Equal(TapVerdict.Content, Observe(tap, """{"choices":[{"index":0,"delta":{"content":"b"}}]}"""));
        Assert.Equal(TapVerdict.Malformed, Observe(tap, "{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\nb\"}}]}"));
        Assert.Equal(TapVerdict.Malformed, Observe(tap, """{"choices":[{"index":0,"delta":{"content":"a\"}}]}"""));
        Assert.Equal(TapVerdict.Malformed, Observe(tap, """{"choices":[{"index":0,"delta":{"content":"""));
        Assert.Equal(TapVerdict.Content, Observe(tap, """{"choices":[{"index":0,"delta":{"content":"c"}}]}"""));
        Assert.Equal("abc", Encoding.UTF8.GetString(tap.SeenText));
    }

    private static TapVerdict Observe(ChoicesStreamTap tap, string json)
    {
        var data = Encoding.UTF8.GetBytes(json);
        return tap.Observe(new StreamFrame(data, data, hasData: true));
    }

    private static string Decoded(ReadOnlySpan<byte> escaped) => JsonSerializer.Deserialize<string>($"\"{Encoding.UTF8.GetString(escaped)}\"")!;

    private static string TextsOf(string json, out bool isFinish)
    {
        using var document = JsonDocument.Parse(json);
        var choice = document.RootElement.GetProperty("choices")[0];
        isFinish = choice.TryGetProperty("finish_reason", out var finish) && finish.ValueKind == JsonValueKind.String;
        var texts = new StringBuilder();
        foreach (var member in choice.GetProperty("delta").EnumerateObject())
        {
            if (member.NameEquals("tool_calls"))
                texts.Append(member.Value[0].GetProperty("function").GetProperty("arguments").GetString());
            else if (!member.NameEquals("role"))
                texts.Append(member.Value.GetString());
        }

        return texts.ToString();
    }
}
