using System.Text.Json;
using Gateway.Protocol;
using Gateway.Protocol.Parts;

namespace Gateway.Dialects.BedrockConverse;

/// <summary>Reads a whole Converse reply.</summary>
internal static class ConverseReplyReader
{
    /// <inheritdoc cref="IChatCodec.ReadReply"/>
    public static ChatReply? Read(ReadOnlyMemory<byte> body)
    {
        using var document = WireJson.Parse(body);
        var root = document.RootElement;
        var message = root.Get("output"u8).Get("message"u8);
        if (message.ValueKind != JsonValueKind.Object)
            return null;
        var choice = new ChatChoice();
        try
        {
            choice.Parts.AddRange(ConversePartReader.ReadAll(message.Get("content"u8), "output.message.content", mapsReserved: true));
        }
        catch (RequestFormatException)
        {
            return null;
        }

        choice.Finish = ConverseFinish.Read(root.Text("stopReason"u8), choice.Parts.Exists(part => part is ToolCallPart));
        var fields = root.Get("additionalModelResponseFields"u8);
        choice.StopSequence = fields.Text("stop_sequence"u8);
        var reply = new ChatReply { Usage = ConverseUsage.Read(root.Get("usage"u8)), ServiceTier = root.Get("serviceTier"u8).Text("type"u8) };
        reply.Choices.Add(choice);
        ConverseExtras.Read(
            root, "", reply.Extras, "output", "stopReason", "usage", "serviceTier", fields.ValueKind == JsonValueKind.Object ? "additionalModelResponseFields" : "");
        if (fields.ValueKind == JsonValueKind.Object)
            ConverseExtras.Read(fields, ConverseReplyWriter.FieldsPrefix, reply.Extras, "stop_sequence");
        return reply;
    }
}
