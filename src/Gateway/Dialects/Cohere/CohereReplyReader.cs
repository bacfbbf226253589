using System.Text.Json;
using Gateway.Protocol;
using Gateway.Protocol.Parts;

namespace Gateway.Dialects.Cohere;

/// <summary>Reads a provider's whole reply.</summary>
internal static class CohereReplyReader
{
    /// <summary>Name of the extra that keeps what Cohere bills by.</summary>
    public const string BilledUnits = "billed_units";

    private static readonly string[] Known = ["id", "finish_reason", "message", "usage", "logprobs"];

    public static ChatReply? Read(ReadOnlyMemory<byte> body)
    {
        using var document = WireJson.Parse(body);
        var root = document.RootElement;
        var message = root.Get("message"u8);
        if (message.ValueKind != JsonValueKind.Object)
            return null;
        var reply = new ChatReply();
        var choice = new ChatChoice { Logprobs = CohereLogprobs.Read(root.Get("logprobs"u8)) };
        try
        {
            CohereAnswer.Read(message, "message", choice.Parts);
            UnknownMembers.Collect(root, Operation.CohereChat, "", Known, reply.Extras);
        }
        catch (RequestFormatException)
        {
            return null; // the same shape as a request's, but it is the provider's fault
        }

        choice.Finish = CohereFinish.Read(root.Text("finish_reason"u8), choice.Parts.Exists(p => p is ToolCallPart));
        var usage = root.Get("usage"u8);
        reply.Id = root.Text("id"u8);
        reply.Usage = CohereUsage.Read(usage);
        reply.Choices.Add(choice);
        if (usage.Raw("billed_units"u8) is { IsMissing: false } billed)
            reply.Extras.Add(new ExtraMember(Operation.CohereChat, "usage.billed_units", BilledUnits, billed));
        return reply;
    }
}
