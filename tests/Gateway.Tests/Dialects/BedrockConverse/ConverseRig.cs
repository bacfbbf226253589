using System.Buffers;
using System.Collections;
using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Dialects;
using Gateway.Dialects.BedrockConverse;
using Gateway.Protocol;
using Gateway.Protocol.Parts;
using Gateway.Tests.Testing;
using Gateway.Transport;

namespace Gateway.Tests.Dialects.BedrockConverse;

/// <summary>What the tests of this wire share.</summary>
internal static class ConverseRig
{
    /// <summary>A Claude that thinks by budget or effort and takes a schema.</summary>
    public const string Claude = "us.anthropic.claude-sonnet-4-6";

    public static readonly BedrockConverseCodec Codec = new();

    public static TargetTraits Target(string model = Claude) => CodecRig.Target(
        model, "bedrock", model.Contains("anthropic", StringComparison.Ordinal) ? ReasoningOrigin.Anthropic : ReasoningOrigin.Plain);

    /// <summary>A golden file's text.</summary>
    public static string Golden(string file) => File.ReadAllText(Path.Combine(Repository.Root, "tests/golden/bedrock", file));

    /// <summary>A golden stream as the binary messages it stands for.</summary>
    public static byte[] GoldenStream(string name)
    {
        var output = new ArrayBufferWriter<byte>();
        foreach (var line in Golden(name + ".events.jsonl").Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            using var document = JsonDocument.Parse(line);
            var payload = Encoding.UTF8.GetBytes(document.RootElement.GetProperty("payload").GetRawText());
            if (document.RootElement.TryGetProperty("event", out var name1))
                AmazonEventStreamWriter.WriteEvent(output, Encoding.UTF8.GetBytes(name1.GetString()!), payload);
            else
                AmazonEventStreamWriter.WriteException(output, Encoding.UTF8.GetBytes(document.RootElement.GetProperty("exception").GetString()!), payload);
        }

        return output.WrittenSpan.ToArray();
    }

    public static (List<ChatEvent> Events, List<TapVerdict> Verdicts, IChatStreamDecoder Decoder) Decode(ReadOnlySpan<byte> stream, params int[] cuts) =>
        CodecRig.Decode(Codec, StreamFraming.AmazonEventStream, stream, cuts);

    /// <summary>A stream's messages as lines of type and payload.</summary>
    public static List<string> Lines(ReadOnlySpan<byte> stream)
    {
        using var reader = new AmazonEventStreamReader(64);
        stream.CopyTo(reader.GetMemory(stream.Length).Span);
        reader.Advance(stream.Length);
        var lines = new List<string>();
        while (reader.TryRead(out var frame))
            lines.Add($"{Encoding.UTF8.GetString(frame.Type)} {Encoding.UTF8.GetString(frame.Data)}");
        return lines;
    }

    public static ChatRequest Read(string body) => CodecRig.ReadRequest(Codec, body, new RequestFacts { Model = "m" });

    public static (JsonNode Body, DroppedMembers Dropped) Write(ChatRequest request, string model = Claude)
    {
        var (body, dropped) = CodecRig.WriteRequest(Codec, request, Target(model));
        return (JsonNode.Parse(body)!, dropped);
    }

    public static ChatReply Reply(string body) => Codec.ReadReply(Encoding.UTF8.GetBytes(body))!;

    /// <summary>A request of user, assistant and other turns.</summary>
    public static ChatRequest Request(params (ChatRole Role, ContentPart[] Parts)[] turns)
    {
        var request = new ChatRequest { Model = "m" };
        foreach (var (role, parts) in turns)
            request.Messages.Add(new ChatMessage { Role = role, Parts = [.. parts] });
        return request;
    }

    /// <summary>A request of one question.</summary>
    public static ChatRequest Ask(string text = "Hi") => Request((ChatRole.User, [new TextPart(text)]));

    public static RawJson Json(string text) => new(Encoding.UTF8.GetBytes(text));

    public static ToolDefinition Tool(string name, string schema = """{"type":"object","properties":{}}""") => new() { Name = name, Parameters = Json(schema) };

    public static ToolCallPart Call(string id, string name, string arguments = "{}") => new() { Id = id, Name = name, Arguments = arguments };

    public static ToolResultPart Result(string id, string text, string? name = null) => new() { CallId = id, Name = name, Content = [new TextPart(text)] };

    public static void AssertSame(string expected, string actual) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), JsonNode.Parse(actual)), $"Expected\n{expected}\nbut got\n{actual}");

    /// <summary>A canonical value as text, member by member, so that two can be compared.</summary>
    public static string Dump(object? value)
    {
        var text = new StringBuilder();
        Dump(value, text);
        return text.ToString();
    }

    private static void Dump(object? value, StringBuilder text)
    {
        switch (value)
        {
            case null:
                text.Append('-');
                break;
            case string or bool or long or int or double or Enum or RawJson:
                text.Append(System.Globalization.CultureInfo.InvariantCulture, $"{value}");
                break;
            case IEnumerable list:
                text.Append('[');
                foreach (var item in list)
                {
                    Dump(item, text);
                    text.Append(", ");
                }

                text.Append(']');
                break;
            default:
                text.Append(value.GetType().Name).Append('{');
                foreach (var property in value.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance).OrderBy(p => p.Name, StringComparer.Ordinal))
                {
                    text.Append(property.Name).Append('=');
                    Dump(property.GetValue(value), text);
                    text.Append("; ");
                }

                text.Append('}');
                break;
        }
    }
}
