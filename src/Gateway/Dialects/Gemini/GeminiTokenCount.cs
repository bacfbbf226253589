using System.Buffers;
using Gateway.Protocol;

namespace Gateway.Dialects.Gemini;

/// <summary><c>countTokens</c>: what is asked, and the answer.</summary>
internal static class GeminiTokenCount
{
    /// <summary>The body whose tokens are to be counted: the request's own, or that of the <c>generateContentRequest</c> in it.</summary>
    /// <exception cref="System.Text.Json.JsonException">It is not JSON.</exception>
    public static ReadOnlyMemory<byte> RequestOf(ReadOnlyMemory<byte> body)
    {
        using var document = WireJson.Parse(body);
        var inner = document.RootElement.RawOf("generateContentRequest"u8);
        return inner.IsMissing ? body : inner.Utf8;
    }

    /// <summary>Writes the answer.</summary>
    public static void Write(IBufferWriter<byte> output, long totalTokens)
    {
        using var writer = WireJson.Writer(output);
        writer.WriteStartObject();
        writer.WriteNumber("totalTokens"u8, totalTokens);
        writer.WriteEndObject();
    }
}
