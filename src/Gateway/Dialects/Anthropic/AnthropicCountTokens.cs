using System.Buffers;

namespace Gateway.Dialects.Anthropic;

/// <summary>The reply of <c>POST /v1/messages/count_tokens</c>.</summary>
internal static class AnthropicCountTokens
{
    /// <summary>Writes the reply.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="inputTokens">Tokens of the prompt, tools and system included; ≥ 0.</param>
    public static void Write(IBufferWriter<byte> output, long inputTokens)
    {
        using var json = WireJson.Writer(output);
        json.WriteStartObject();
        json.WriteNumber("input_tokens"u8, inputTokens);
        json.WriteEndObject();
    }
}
