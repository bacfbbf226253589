using System.Text.Json;
using Gateway.Dialects.OpenAi;
using Gateway.Protocol;
using Gateway.Protocol.Parts;

namespace Gateway.Dialects.OpenAiResponses;

/// <summary>Makes the items of a whole answer, and of a stream's.</summary>
internal sealed class ResponsesOutput(ReplyEnvelope envelope)
{
    /// <summary>The items so far, in order.</summary>
    public List<ResponsesItem> Items { get; } = [];

    /// <summary>Adds an item.</summary>
    public ResponsesItem Add(ResponsesItemKind kind, string? id = null, string? callId = null, string? name = null, ReasoningOrigin origin = default, RawJson raw = default)
    {
        var index = Items.Count;
        var item = new ResponsesItem
        {
            Kind = kind,
            Id = id is { Length: > 0 } ? id : $"{Prefix(kind)}_{envelope.RequestId}_{index}",
            Index = index,
            CallId = kind != ResponsesItemKind.FunctionCall ? null : callId is { Length: > 0 } ? callId : $"call_{envelope.RequestId}_{index}",
            Name = name,
            Origin = origin,
            Raw = raw,
        };
        Items.Add(item);
        return item;
    }

    /// <summary>Adds all that an answer says.</summary>
    public void AddAnswer(ChatChoice choice)
    {
        ResponsesItem? message = null;
        foreach (var part in choice.Parts)
        {
            if (part is TextPart or RefusalPart or AudioPart { Transcript: not null })
            {
                message ??= Add(ResponsesItemKind.Message);
                message.Contents.Add(Content(part));
                continue;
            }

            message = null;
            switch (part)
            {
                case ReasoningPart reasoning:
                    var item = Add(ResponsesItemKind.Reasoning, reasoning.Origin == ReasoningOrigin.OpenAi ? reasoning.Id : null, origin: reasoning.Origin);
                    item.Text.Append(reasoning.Text);
                    item.Encrypted = ResponsesReasoning.Wrap(reasoning.Origin, reasoning.Signature, reasoning.Encrypted);
                    break;
                case ToolCallPart call:
                    Add(ResponsesItemKind.FunctionCall, callId: call.Id, name: call.Name).Text.Append(call.Arguments.Length == 0 ? "{}" : call.Arguments);
                    break;
                case ImagePart { Source.Data: { } data }:
                    Add(ResponsesItemKind.Image).Text.Append(data);
                    break;
                case OpaquePart { Whole: { Origin: Operation.Responses } whole }:
                    Add(ResponsesItemKind.Raw, raw: whole.Value);
                    break;
            }
        }

        if (Logprobs(choice.Logprobs) is { Count: > 0 } logprobs)
            Items.Find(i => i.Kind == ResponsesItemKind.Message)?.Contents.Find(c => !c.IsRefusal)?.Logprobs.AddRange(logprobs);
    }

    private static ResponsesContent Content(ContentPart part)
    {
        var content = new ResponsesContent(part is RefusalPart);
        content.Text.Append(part switch
        {
            TextPart text => text.Text,
            RefusalPart refusal => refusal.Text,
            _ => ((AudioPart)part).Transcript,
        });
        if (part is TextPart cited)
            content.Annotations.AddRange(OpenAiCitations.Split(cited.Citations).Where(OpenAiCitations.Fits));
        return content;
    }

    /// <summary>The tokens of log probabilities in the form of Chat Completions.</summary>
    public static List<RawJson> Logprobs(RawJson chat)
    {
        var tokens = new List<RawJson>();
        if (chat.IsMissing)
            return tokens;
        using var document = chat.Parse();
        if (document.RootElement.Get("content"u8) is { ValueKind: JsonValueKind.Array } content)
        {
            foreach (var token in content.EnumerateArray())
                tokens.Add(RawJson.Of(token));
        }

        return tokens;
    }

    private static string Prefix(ResponsesItemKind kind) => kind switch
    {
        ResponsesItemKind.Message => "msg",
        ResponsesItemKind.Reasoning => "rs",
        ResponsesItemKind.FunctionCall => "fc",
        ResponsesItemKind.Image => "ig",
        _ => "item",
    };
}
