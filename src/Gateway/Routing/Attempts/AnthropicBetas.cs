using System.Text.Json;
using Gateway.Dialects;
using Gateway.Pipeline;
using Gateway.Protocol;
using Gateway.Transport;

namespace Gateway.Routing.Attempts;

/// <summary>Carries the header <c>anthropic-beta</c> into bodies for Bedrock, which has no such header and reads <c>anthropic_beta</c> instead.</summary>
internal static class AnthropicBetas
{
    private const string Header = "anthropic-beta";

    /// <summary>What is to be written into the lane's body; nothing when the client named no beta, or the body names its own.</summary>
    public static Splice Splice(GatewayContext context, TargetSnapshot target, Lane lane)
    {
        if (lane.Wire != Operation.InvokeModel || target.Provider.Kind != "bedrock" || context.Operation is not (Operation.Messages or Operation.InvokeModel)
            || context.Client.Header(Header) is not { Length: > 0 } written)
            return default;
        var names = written.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var body = (lane.Body ?? context.Body)!.WrittenSpan;
        if (names.Length == 0 || NamesBetas(body))
            return default;
        using var output = new PooledBuffer(256);
        using (var json = new Utf8JsonWriter(output, JsonText.Writing))
        {
            json.WriteStartObject();
            json.WriteStartArray("anthropic_beta"u8);
            foreach (var name in names)
                json.WriteStringValue(name);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        byte[] member = [.. output.WrittenSpan[1..^1], (byte)',']; // a request has other members, so a comma follows
        return new Splice(body.IndexOf((byte)'{') + 1, 0, member);
    }

    private static bool NamesBetas(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = JsonCursor.MaxDepth });
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.TextIs("anthropic_beta"u8))
                return true;
            reader.Skip();
        }

        return false;
    }
}
