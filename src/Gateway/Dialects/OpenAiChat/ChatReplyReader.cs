using System.Text.Json;
using Gateway.Dialects.OpenAi;
using Gateway.Protocol;
using Gateway.Protocol.Parts;

namespace Gateway.Dialects.OpenAiChat;

/// <summary>Reads a provider's whole reply; what single vendors do differently is passed over or understood, never refused.</summary>
internal static class ChatReplyReader
{
    /// <inheritdoc cref="IChatCodec.ReadReply"/>
    public static ChatReply? Read(ReadOnlyMemory<byte> body)
    {
        using var document = WireJson.Parse(body);
        var root = document.RootElement;
        var choices = root.Get("choices"u8);
        if (choices.ValueKind != JsonValueKind.Array || root.Get("error"u8).Says())
            return null;
        var reply = new ChatReply
        {
            Id = NonEmpty(root.Text("id"u8)),
            Model = NonEmpty(root.Text("model"u8)),
            ServiceTier = NonEmpty(root.Text("service_tier"u8)),
            Usage = OpenAiUsage.Read(root.Get("usage"u8)) ?? OpenAiUsage.Read(root.Get("x_groq"u8).Get("usage"u8)),
        };
        foreach (var choice in choices.EnumerateArray())
        {
            reply.Choices.Add(ReadChoice(choice));
            reply.Usage ??= OpenAiUsage.Read(choice.Get("usage"u8));
        }

        foreach (var member in root.EnumerateObject())
        {
            var name = RequestValue.NameOf(member);
            if (name is not ("id" or "object" or "created" or "model" or "choices" or "usage" or "service_tier") && member.Value.Says())
                reply.Extras.Add(new ExtraMember(Operation.ChatCompletions, name, name, RawJson.Of(member.Value)));
        }

        return reply.Choices.Count == 0 ? null : reply;
    }

    private static ChatChoice ReadChoice(JsonElement element)
    {
        var choice = new ChatChoice();
        try
        {
            choice.Parts.AddRange(ChatAssistantReader.Read(element.Get("message"u8), "message", "", lenient: true));
        }
        catch (RequestFormatException e)
        {
            throw new JsonException(e.Message); // the words are meant for a client's request
        }

        var logprobs = element.Get("logprobs"u8);
        if (logprobs.ValueKind == JsonValueKind.Object)
            choice.Logprobs = RawJson.Of(logprobs);
        choice.Finish = element.Get("error"u8).Says() ? FinishReason.Error
            : ChatFinish.Read(element.Text("finish_reason"u8), choice.Parts.Exists(p => p is ToolCallPart)) ?? FinishReason.Stop;
        // vLLM and others name the stop text here; numbers are token ids.
        choice.StopSequence = NonEmpty(element.Text("stop_reason"u8)) is { } stop && choice.Finish == FinishReason.Stop ? stop : null;
        return choice;
    }

    private static string? NonEmpty(string? text) => text is { Length: > 0 } ? text : null;
}
