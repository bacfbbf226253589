using System.Text.Json;
using Gateway.Protocol;

namespace Gateway.Dialects.OpenAi;

/// <summary>
/// Citations as OpenAI's annotations. Chat Completions nests what Responses has flat; other vendors' citations of web pages (an object with a
/// <c>url</c>) become <c>url_citation</c>s of the text they stand at. What has no address can't be said.
/// </summary>
internal static class OpenAiCitations
{
    /// <summary>Whether the citation can be said on OpenAI's wires.</summary>
    public static bool Fits(RawJson citation)
    {
        using var document = citation.Parse();
        var element = document.RootElement;
        return element.Get("url_citation"u8).Says() || element.Text("url"u8) is not null || element.Text("file_id"u8) is not null;
    }

    /// <summary>Writes one citation, for which <see cref="Fits"/> is true.</summary>
    /// <param name="json">Where an array's element is due.</param>
    /// <param name="citation">The citation as its wire has it.</param>
    /// <param name="nested">Whether Chat Completions' form is wanted.</param>
    /// <param name="start">Where the cited text begins, for wires that don't say.</param>
    /// <param name="end">Where it ends.</param>
    public static void Write(Utf8JsonWriter json, RawJson citation, bool nested, long start, long end)
    {
        using var document = citation.Parse();
        var element = document.RootElement;
        var isNested = element.Get("url_citation"u8).Says();
        var inner = isNested ? element.Get("url_citation"u8) : element;
        var isFlat = !isNested && element.Text("type"u8) is "url_citation" or "file_citation" or "container_file_citation" or "file_path";
        if (isNested == nested && (isNested || isFlat))
        {
            citation.WriteTo(json);
            return;
        }

        json.WriteStartObject();
        json.WriteString("type"u8, "url_citation"u8);
        if (nested)
            json.WriteStartObject("url_citation"u8);
        json.WriteNumber("start_index"u8, inner.Integer("start_index"u8) ?? start);
        json.WriteNumber("end_index"u8, inner.Integer("end_index"u8) ?? end);
        json.WriteText("url"u8, inner.Text("url"u8) ?? inner.Text("file_id"u8) ?? "");
        json.WriteText("title"u8, inner.Text("title"u8) ?? inner.Text("filename"u8) ?? "");
        if (nested)
            json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>The elements of an array of citations.</summary>
    public static List<RawJson> Split(RawJson citations)
    {
        var list = new List<RawJson>();
        if (citations.IsMissing)
            return list;
        using var document = citations.Parse();
        if (document.RootElement.ValueKind == JsonValueKind.Array)
        {
            foreach (var element in document.RootElement.EnumerateArray())
                list.Add(RawJson.Of(element));
        }

        return list;
    }
}
