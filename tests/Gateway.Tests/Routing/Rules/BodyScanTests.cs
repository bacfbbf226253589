using System.Text;
using Gateway.Routing.Rules;
using Gateway.Transport;

namespace Gateway.Tests.Routing.Rules;

public sealed class BodyScanTests
{
    [Theory]
    [InlineData("""{"messages":[{"role":"user","content":"hi"}]}""", "")]
    [InlineData("""{"tools":[{"type":"function","function":{"name":"f"}}]}""", "tools")]
    [InlineData("""{"tools":[]}""", "")]
    [InlineData("""{"functions":[{"name":"f"}]}""", "tools")]
    [InlineData("""{"toolConfig":{"tools":[{"toolSpec":{}}]}}""", "tools")]
    [InlineData("""{"messages":[{"content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}}]}]}""", "images")]
    [InlineData("""{"input":[{"content":[{"type":"input_image","image_url":"https://x"}]}]}""", "images")]
    [InlineData("""{"messages":[{"content":[{"type":"image","source":{"type":"base64","media_type":"image/png","data":"AAAA"}}]}]}""", "images")]
    [InlineData("""{"contents":[{"parts":[{"inlineData":{"mimeType":"image/png","data":"AAAA"}}]}]}""", "images")]
    [InlineData("""{"contents":[{"parts":[{"fileData":{"mimeType":"audio/wav","fileUri":"gs://x"}}]}]}""", "audio")]
    [InlineData("""{"contents":[{"parts":[{"fileData":{"mimeType":"application/pdf","fileUri":"gs://x"}}]}]}""", "files")]
    [InlineData("""{"messages":[{"content":[{"image":{"format":"png","source":{"bytes":"AAAA"}}}]}]}""", "images")]
    [InlineData("""{"messages":[{"content":[{"document":{"format":"pdf","source":{"bytes":"AAAA"}}}]}]}""", "files")]
    [InlineData("""{"messages":[{"content":"x","images":["AAAA"]}]}""", "images")]
    [InlineData("""{"messages":[{"content":"x","images":[]}]}""", "")]
    [InlineData("""{"messages":[{"content":[{"type":"input_audio","input_audio":{"data":"AAAA","format":"wav"}}]}]}""", "audio")]
    [InlineData("""{"messages":[{"content":[{"type":"file","file":{"file_id":"f"}}]}]}""", "files")]
    [InlineData("""{"messages":[{"content":[{"type":"document","source":{"type":"text","data":"x"}}]}]}""", "files")]
    [InlineData("""{"response_format":{"type":"json_schema","json_schema":{}}}""", "schema")]
    [InlineData("""{"response_format":{"type":"json_object"}}""", "")]
    [InlineData("""{"text":{"format":{"type":"json_schema","schema":{}}}}""", "schema")]
    [InlineData("""{"generationConfig":{"responseSchema":{"type":"OBJECT"}}}""", "schema")]
    [InlineData("""{"format":{"type":"object"}}""", "schema")]
    [InlineData("""{"format":"json"}""", "")]
    [InlineData("""{"messages":[{"content":[{"\u0074ype":"im\u0061ge_url"}]}]}""", "images")]
    [InlineData("""{"messages":[{"content":[{"type":"tool_use","input":{"type":"image","document":{}}}]}]}""", "")]
    [InlineData("""{"messages":[{"content":"\"type\":\"image_url\""}]}""", "")]
    [InlineData("""{"messages":[{"content":[""", "")]
    [InlineData("[1]", "")]
    public void Read_BodiesOfEveryDialect_AreUnderstood(string body, string expected)
    {
        var facts = BodyScan.Read(Encoding.UTF8.GetBytes(body));
        var found = new[] { (facts.HasTools, "tools"), (facts.HasImages, "images"), (facts.HasAudio, "audio"), (facts.HasFiles, "files"), (facts.HasSchema, "schema") };
        Assert.Equal(expected, string.Join(' ', found.Where(f => f.Item1).Select(f => f.Item2)));
        Assert.Equal(expected is "images" or "audio" or "files" ? 1 : 0, facts.Media);
    }

    [Theory]
    [InlineData("""{"user":"ann"}""", "ann")]
    [InlineData("""{"safety_identifier":"bob"}""", "bob")]
    [InlineData("""{"metadata":{"user_id":"eve"}}""", "eve")]
    [InlineData("""{"metadata":{"user_id":"eve"},"user":"ann"}""", "ann")]
    [InlineData("""{"user":{"name":"x"}}""", "")]
    [InlineData("""{"user":"a\nb"}""", "a\nb")]
    public void Read_EndUser_IsFoundWhereDialectsHaveIt(string body, string user)
    {
        using var buffer = new PooledBuffer(16);
        buffer.Append(Encoding.UTF8.GetBytes(body));
        Assert.Equal(user, BodyScan.TextAt(buffer, BodyScan.Read(buffer.WrittenSpan).User));
    }

    [Fact]
    public void Read_Texts_AreCountedAndMediaNot()
    {
        var media = new string('A', 10_000);
        var facts = BodyScan.Read(Encoding.UTF8.GetBytes($$$"""{"model":"m","messages":[{"role":"user","content":[{"type":"text","text":"12345678"},{"type":"image_url","image_url":{"url":"data:image/png;base64,{{{media}}}"}}]}]}"""));
        Assert.Equal((8, 1), (facts.TextBytes, facts.Media));
    }
}
