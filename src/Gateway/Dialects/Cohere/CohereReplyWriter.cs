using System.Buffers;
using System.Text.Json;
using Gateway.Protocol;
using Gateway.Protocol.Parts;

namespace Gateway.Dialects.Cohere;

/// <summary>Writes a whole reply to a client: its first choice, for the wire has no others.</summary>
internal static class CohereReplyWriter
{
    public static void Write(IBufferWriter<byte> output, ChatReply reply, ReplyEnvelope envelope)
    {
        var choice = reply.Choices.Count > 0 ? reply.Choices[0] : new ChatChoice();
        using var json = WireJson.Writer(output);
        json.WriteStartObject();
        json.WriteText("id"u8, reply.Id ?? envelope.RequestId);
        json.WriteStartObject("message"u8);
        json.WriteString("role"u8, "assistant"u8);
        var callsTools = CohereAnswerWriter.Write(json, choice.Parts, new CohereAnswerWriter.ToClient(envelope.RequestId));
        json.WriteEndObject();
        json.WriteString("finish_reason"u8, CohereFinish.Write(choice.Finish, choice.StopSequence is not null, callsTools));
        var billed = reply.Extras.Find(e => e.Origin == Operation.CohereChat && e.Path == "usage.billed_units");
        if (reply.Usage is { } usage)
            CohereUsage.Write(json, usage, billed);
        if (!choice.Logprobs.IsMissing)
        {
            json.WriteStartArray("logprobs"u8);
            CohereLogprobs.WriteEach(choice.Logprobs, item => CohereLogprobs.WriteItem(json, item));
            json.WriteEndArray();
        }

        foreach (var extra in reply.Extras)
        {
            if (extra.Origin == Operation.CohereChat && extra != billed)
                json.WriteRaw(extra.Name, extra.Value);
        }

        json.WriteEndObject();
    }
}
