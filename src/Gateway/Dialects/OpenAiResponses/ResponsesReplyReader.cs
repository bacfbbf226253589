using System.Text;
using System.Text.Json;
using Gateway.Dialects.OpenAi;
using Gateway.Protocol;
using Gateway.Protocol.Parts;

namespace Gateway.Dialects.OpenAiResponses;

/// <summary>Reads a provider's whole reply.</summary>
internal static class ResponsesReplyReader
{
    /// <inheritdoc cref="IChatCodec.ReadReply"/>
    public static ChatReply? Read(ReadOnlyMemory<byte> body)
    {
        using var document = WireJson.Parse(body);
        var root = document.RootElement;
        if (root.Get("output"u8).ValueKind != JsonValueKind.Array || root.Text("status"u8) is "queued" or "in_progress")
            return null;
        var choice = new ChatChoice();
        foreach (var item in root.Get("output"u8).EnumerateArray())
            ReadItem(item, choice);
        choice.Finish = Finish(root, choice.Parts.Exists(p => p is ToolCallPart));
        return new ChatReply
        {
            Id = root.Text("id"u8),
            Model = root.Text("model"u8),
            Usage = OpenAiUsage.Read(root.Get("usage"u8)),
            ServiceTier = root.Text("service_tier"u8),
            Choices = { choice },
        };
    }

    /// <summary>Why a response ended.</summary>
    public static FinishReason Finish(JsonElement response, bool calledTools) => response.Text("status"u8) switch
    {
        "incomplete" => response.Get("incomplete_details"u8).Text("reason"u8) == "content_filter" ? FinishReason.ContentFilter : FinishReason.Length,
        "failed" or "cancelled" => FinishReason.Error,
        _ => calledTools ? FinishReason.ToolCalls : FinishReason.Stop,
    };

    private static void ReadItem(JsonElement item, ChatChoice choice)
    {
        switch (item.Text("type"u8))
        {
            case "message":
                ReadContent(item.Get("content"u8), choice);
                break;
            case "function_call":
                choice.Parts.Add(new ToolCallPart
                {
                    Id = item.Text("call_id"u8) ?? item.Text("id"u8) ?? "",
                    Name = item.Text("name"u8) ?? "",
                    Arguments = item.Text("arguments"u8) ?? "",
                });
                break;
            case "reasoning":
                choice.Parts.Add(ResponsesReasoning.Read(item));
                break;
            case "image_generation_call" when item.Text("result"u8) is { Length: > 0 } image:
                choice.Parts.Add(new ImagePart(new MediaSource { Data = image, MediaType = "image/png" }));
                break;
            case { } type:
                choice.Parts.Add(new OpaquePart(new ExtraMember(Operation.Responses, $"output ({type})", type, RawJson.Of(item))));
                break;
        }
    }

    private static void ReadContent(JsonElement content, ChatChoice choice)
    {
        if (content.ValueKind != JsonValueKind.Array)
            return;
        foreach (var part in content.EnumerateArray())
        {
            if (part.Text("refusal"u8) is { } refusal)
            {
                choice.Parts.Add(new RefusalPart(refusal));
            }
            else if (part.Text("text"u8) is { } text)
            {
                var annotations = part.Get("annotations"u8);
                choice.Parts.Add(new TextPart(text)
                {
                    Citations = annotations.ValueKind == JsonValueKind.Array && annotations.GetArrayLength() > 0 ? RawJson.Of(annotations) : default,
                    CitationsOrigin = Operation.Responses,
                });
                if (choice.Logprobs.IsMissing)
                    choice.Logprobs = Logprobs(part.Get("logprobs"u8));
            }
        }
    }

    /// <summary>Log probabilities in the form of Chat Completions; missing when there are none.</summary>
    public static RawJson Logprobs(JsonElement logprobs) =>
        logprobs.ValueKind == JsonValueKind.Array && logprobs.GetArrayLength() > 0
            ? new RawJson(Encoding.UTF8.GetBytes($"{{\"content\":{logprobs.GetRawText()},\"refusal\":null}}"))
            : default;
}
