using System.Buffers;
using System.Text.Json;
using Gateway.Protocol;
using Gateway.Protocol.Parts;

namespace Gateway.Dialects.Gemini;

/// <summary>
/// Citations. The canonical form of this wire is a list of <c>{startIndex, endIndex, uri, title}</c>, as in <c>citationMetadata</c>;
/// what <c>groundingMetadata</c> says of the web is put into the same form. Indexes are Google's: bytes of UTF-8.
/// </summary>
internal static class GeminiCitations
{
    /// <summary>What a candidate cites, each in the canonical form.</summary>
    public static List<RawJson> Read(JsonElement candidate)
    {
        var citations = new List<RawJson>();
        var metadata = candidate.Member("citationMetadata"u8);
        var sources = metadata.Member("citationSources"u8); // the Developer API's word; Vertex AI says "citations"
        foreach (var source in (sources.Says() ? sources : metadata.Get("citations"u8)).Items())
        {
            if (source.ValueKind == JsonValueKind.Object)
                citations.Add(GeminiJson.Compact(source));
        }

        var grounding = candidate.Member("groundingMetadata"u8);
        var chunks = grounding.Member("groundingChunks"u8).Items().ToArray();
        var cited = new bool[chunks.Length];
        foreach (var support in grounding.Member("groundingSupports"u8).Items())
        {
            foreach (var index in support.Member("groundingChunkIndices"u8).Items())
            {
                if (index.ValueKind != JsonValueKind.Number || !index.TryGetInt32(out var at) || at < 0 || at >= chunks.Length)
                    continue;
                cited[at] = true;
                Add(citations, chunks[at], support.Get("segment"u8));
            }
        }

        for (var i = 0; i < chunks.Length; i++)
        {
            if (!cited[i])
                Add(citations, chunks[i], default);
        }

        return citations;
    }

    /// <summary>Gives the last text of an answer what its candidate cites.</summary>
    public static void Cite(JsonElement candidate, List<ContentPart> parts)
    {
        var last = parts.FindLastIndex(part => part is TextPart);
        if (last < 0 || Read(candidate) is not { Count: > 0 } citations)
            return;
        var text = (TextPart)parts[last];
        parts[last] = new TextPart(text.Text) { Citations = List(citations), CitationsOrigin = Operation.GenerateContent, Extras = text.Extras };
    }

    /// <summary>Writes citations of any wire as <c>citationMetadata</c>, as far as they name an address.</summary>
    public static void Write(Utf8JsonWriter writer, IEnumerable<RawJson> citations)
    {
        var isOpen = false;
        foreach (var citation in citations)
        {
            using var document = WireJson.Parse(citation.Utf8);
            foreach (var item in document.RootElement.Items())
            {
                var inner = item.Get("url_citation"u8) is { ValueKind: JsonValueKind.Object } chat ? chat : item;
                if ((inner.Text("uri"u8) ?? inner.Text("url"u8)) is not { } uri)
                    continue;
                if (!isOpen)
                {
                    writer.WriteStartObject("citationMetadata"u8);
                    writer.WriteStartArray("citationSources"u8);
                    isOpen = true;
                }

                WriteSource(writer, inner, uri);
            }
        }

        if (!isOpen)
            return;
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void Add(List<RawJson> citations, JsonElement chunk, JsonElement segment)
    {
        var web = chunk.Get("web"u8);
        if (!web.Says())
            web = chunk.Member("retrievedContext"u8);
        if (web.Text("uri"u8) is not { } uri)
            return;
        var output = new ArrayBufferWriter<byte>();
        using (var writer = WireJson.Writer(output))
        {
            writer.WriteStartObject();
            if (segment.Says())
            {
                writer.WriteNumber("startIndex"u8, segment.IntegerOf("startIndex"u8) ?? 0);
                writer.WriteNumber("endIndex"u8, segment.IntegerOf("endIndex"u8) ?? 0);
            }

            writer.WriteText("uri"u8, uri);
            if (web.Text("title"u8) is { } title)
                writer.WriteText("title"u8, title);
            writer.WriteEndObject();
        }

        citations.Add(new RawJson(output.WrittenMemory));
    }

    private static void WriteSource(Utf8JsonWriter writer, JsonElement item, string uri)
    {
        writer.WriteStartObject();
        // Other wires count characters: their indexes would point elsewhere.
        if (item.IntegerOf("startIndex"u8) is { } start && item.Get("startIndex"u8).Says())
            writer.WriteNumber("startIndex"u8, start);
        if (item.IntegerOf("endIndex"u8) is { } end && item.Get("endIndex"u8).Says())
            writer.WriteNumber("endIndex"u8, end);
        writer.WriteText("uri"u8, uri);
        if (item.Text("title"u8) is { } title)
            writer.WriteText("title"u8, title);
        if (item.Text("license"u8) is { } license)
            writer.WriteText("license"u8, license);
        writer.WriteEndObject();
    }

    private static RawJson List(List<RawJson> citations)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var writer = WireJson.Writer(output))
        {
            writer.WriteStartArray();
            citations.ForEach(citation => citation.WriteTo(writer));
            writer.WriteEndArray();
        }

        return new RawJson(output.WrittenMemory);
    }
}
