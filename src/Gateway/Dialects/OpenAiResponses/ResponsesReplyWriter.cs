using System.Buffers;
using Gateway.Protocol;

namespace Gateway.Dialects.OpenAiResponses;

/// <summary>Writes a whole reply to a client. This wire has one answer; others are left out.</summary>
internal static class ResponsesReplyWriter
{
    /// <inheritdoc cref="IChatCodec.WriteReply"/>
    public static void Write(IBufferWriter<byte> output, ChatReply reply, ReplyEnvelope envelope)
    {
        var choice = reply.Choices[0];
        var items = new ResponsesOutput(envelope);
        items.AddAnswer(choice);
        if (choice.Finish == FinishReason.Length && items.Items.Count > 0)
            items.Items[^1].Status = "incomplete";
        using var json = WireJson.Writer(output);
        new ResponsesObject(envelope, reply.Id, reply.Model) { ServiceTier = reply.ServiceTier, Extras = reply.Extras }
            .Write(json, items.Items, choice.Finish, reply.Usage);
    }
}
