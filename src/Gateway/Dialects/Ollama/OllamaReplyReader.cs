using System.Text.Json;
using Gateway.Protocol;
using Gateway.Protocol.Parts;

namespace Gateway.Dialects.Ollama;

/// <summary>Reads a provider's whole reply.</summary>
internal static class OllamaReplyReader
{
    private static readonly string[] Known = ["model", "created_at", "message", "done", "done_reason", "prompt_eval_count", "eval_count", "logprobs"];

    public static ChatReply? Read(ReadOnlyMemory<byte> body)
    {
        using var document = WireJson.Parse(body);
        var root = document.RootElement;
        var message = root.Get("message"u8);
        if (message.ValueKind != JsonValueKind.Object || root.Flag("done"u8) != true)
            return null;
        var reply = new ChatReply();
        var choice = new ChatChoice { Logprobs = OllamaLogprobs.Read(root.Get("logprobs"u8)) };
        try
        {
            OllamaAnswer.Read(message, "message", choice.Parts, _ => "");
            UnknownMembers.Collect(root, Operation.OllamaChat, "", Known, reply.Extras);
        }
        catch (RequestFormatException)
        {
            return null; // the same shape as a request's, but it is the provider's fault
        }

        choice.Finish = OllamaFinish.Read(root.Text("done_reason"u8), choice.Parts.Exists(p => p is ToolCallPart));
        reply.Model = root.Text("model"u8);
        reply.Usage = OllamaUsage.Read(root);
        reply.Choices.Add(choice);
        return reply;
    }
}
