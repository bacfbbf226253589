using System.Buffers;
using System.Text.Json;
using Gateway.Protocol;

namespace Gateway.Dialects.Cohere;

/// <summary>
/// Citations. Cohere keeps them beside the answer, each with its place (<c>start</c>, <c>end</c>, <c>content_index</c>, <c>type</c>) and its
/// sources, which are documents or results of tools. Those of OpenAI's and Anthropic's forms are turned into it.
/// </summary>
internal static class CohereCitations
{
    /// <summary>The index that stands for the tool plan.</summary>
    public const int Plan = -1;

    /// <summary>The citations that belong to one text; missing when there are none.</summary>
    /// <param name="citations">All of the message.</param>
    /// <param name="block">Index of the text among the content's blocks, or <see cref="Plan"/>.</param>
    /// <param name="texts">The indexes of all texts, in order: what points elsewhere goes to the first.</param>
    public static RawJson Of(JsonElement citations, int block, List<int> texts)
    {
        ArrayBufferWriter<byte>? output = null;
        Utf8JsonWriter? json = null;
        try
        {
            foreach (var citation in citations.Each())
            {
                var wanted = citation.Text("type"u8) == "PLAN" ? Plan : (int)(citation.Integer("content_index"u8) ?? 0);
                if ((texts.Contains(wanted) ? wanted : FirstOf(texts)) != block)
                    continue;
                if (json is null)
                {
                    json = WireJson.Writer(output = new ArrayBufferWriter<byte>(256));
                    json.WriteStartArray();
                }

                RawJson.Of(citation).WriteTo(json);
            }

            if (json is null)
                return default;
            json.WriteEndArray();
            json.Flush();
            return new RawJson(output!.WrittenMemory);
        }
        finally
        {
            json?.Dispose();
        }
    }

    /// <summary>Writes one citation, of whatever wire; one that can't be told is left out.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="citation">As its wire has it.</param>
    /// <param name="length">Length of the text it belongs to, so far: some wires cite a text whole.</param>
    /// <param name="block">Index of the text, or <see cref="Plan"/>.</param>
    /// <returns>Whether it was written.</returns>
    public static bool TryWrite(Utf8JsonWriter json, JsonElement citation, int length, int block)
    {
        if (citation.Integer("start"u8) is not null && citation.Get("sources"u8).ValueKind == JsonValueKind.Array)
        {
            RawJson.Of(citation).WriteTo(json);
            return true;
        }

        var link = citation.Get("url_citation"u8).Says() ? citation.Get("url_citation"u8) : citation;
        var url = link.Text("url"u8);
        var title = link.Text("title"u8) ?? citation.Text("document_title"u8);
        var quoted = citation.Text("cited_text"u8);
        var id = url ?? title ?? (citation.Integer("document_index"u8) is { } document ? $"doc:{document}" : null);
        if (id is null)
            return false;
        json.WriteStartObject();
        json.WriteNumber("start"u8, link.Integer("start_index"u8) ?? 0);
        json.WriteNumber("end"u8, link.Integer("end_index"u8) ?? length);
        json.WriteText("text"u8, quoted ?? "");
        json.WriteStartArray("sources"u8);
        json.WriteStartObject();
        json.WriteString("type"u8, "document"u8);
        json.WriteText("id"u8, id);
        json.WriteStartObject("document"u8);
        if (title is not null)
            json.WriteText("title"u8, title);
        if (url is not null)
            json.WriteText("url"u8, url);
        if (quoted is not null)
            json.WriteText("snippet"u8, quoted);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndArray();
        if (block != Plan)
            json.WriteNumber("content_index"u8, block);
        json.WriteString("type"u8, block == Plan ? "PLAN"u8 : "TEXT_CONTENT"u8);
        json.WriteEndObject();
        return true;
    }

    private static int FirstOf(List<int> texts)
    {
        foreach (var text in texts)
        {
            if (text != Plan)
                return text;
        }

        return texts.Count > 0 ? Plan : int.MinValue;
    }
}
