using System.Text;
using System.Text.Json;
using Gateway.Dialects;
using Gateway.Dialects.OpenAiChat;
using Gateway.Dialects.OpenAiResponses;
using Gateway.Protocol;
using Gateway.Tests.Testing;

namespace Gateway.Tests.Dialects.OpenAi;

/// <summary>Whole exchanges as OpenAI documents them: read and written again they are the same, and nothing of them is lost.</summary>
public class OpenAiGoldenTests
{
    private static readonly OpenAiChatCodec Chat = new();
    private static readonly OpenAiResponsesCodec Responses = new();

    [Fact]
    public void ChatRequest_ReadAndWritten_IsTheSame() => AssertRequest(Chat, "openai-chat/request.json", "gpt-4o");

    [Fact]
    public void ResponsesRequest_ReadAndWritten_IsTheSame() => AssertRequest(Responses, "openai-responses/request.json", "gpt-test");

    private static void AssertRequest(IChatCodec codec, string file, string model)
    {
        var request = CodecRig.ReadRequest(codec, GoldenFile.Text(file));
        var (body, dropped) = CodecRig.WriteRequest(codec, request, CodecRig.Target(model, "openai", ReasoningOrigin.OpenAi));
        Assert.Empty(dropped.Paths);
        JsonSame.Assert(GoldenFile.Text(file), body);
    }

    [Fact]
    public void ChatReply_ReadAndWritten_IsTheSame() =>
        JsonSame.Assert(GoldenFile.Text("openai-chat/reply.json"), CodecRig.WriteReply(Chat, Chat.ReadReply(GoldenFile.Bytes("openai-chat/reply.json"))!));

    [Fact]
    public void ResponsesOutput_ReadAndWritten_IsTheSame()
    {
        var output = GoldenFile.Text("openai-responses/output.json");
        var reply = Responses.ReadReply(Encoding.UTF8.GetBytes($$"""{"id":"resp_1","status":"completed","output":{{output}}}"""))!;
        using var written = JsonDocument.Parse(CodecRig.WriteReply(Responses, reply));
        JsonSame.Assert(output, written.RootElement.GetProperty("output").GetRawText());
    }

    /// <summary>From one of OpenAI's wires to the other everything both can say survives.</summary>
    [Fact]
    public void ChatRequest_OnResponses_NamesWhatIsLost()
    {
        var request = CodecRig.ReadRequest(Chat, GoldenFile.Text("openai-chat/request.json"));
        var (body, dropped) = CodecRig.WriteRequest(Responses, request, CodecRig.Target("gpt-4o", "openai", ReasoningOrigin.OpenAi));
        Assert.Equal(
            [
                "messages[1].name", "messages[2].content[1]", "tools[1] (custom)", "prediction", "web_search_options", "n", "stop", "seed", "presence_penalty", "frequency_penalty",
                "logit_bias", "modalities", "audio",
            ],
            dropped.Paths);
        var again = CodecRig.ReadRequest(Responses, body);
        Assert.Equal(["call_abc123", "call_def456"], again.Messages.SelectMany(m => m.Parts).OfType<Gateway.Protocol.Parts.ToolCallPart>().Select(c => c.Id));
        Assert.Equal("answer", again.Format!.Name);
    }
}
