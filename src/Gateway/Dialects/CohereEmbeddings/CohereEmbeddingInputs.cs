using System.Text.Json;
using Gateway.Protocol;
using Gateway.Protocol.Embeddings;
using Gateway.Protocol.Parts;

namespace Gateway.Dialects.CohereEmbeddings;

/// <summary>Cohere's three forms of inputs: texts, images, and mixtures of both.</summary>
internal static class CohereEmbeddingInputs
{
    /// <summary>Reads whichever form there is.</summary>
    public static void Read(JsonElement root, List<EmbeddingInput> inputs)
    {
        foreach (var text in root.ArrayOf("texts"u8).Each())
            inputs.Add(new EmbeddingInput { Text = text.Text() ?? throw new RequestFormatException("'texts' must be an array of strings.", "texts") });
        foreach (var image in root.ArrayOf("images"u8).Each())
            inputs.Add(new EmbeddingInput { Parts = [new ImagePart(MediaSource.FromUrl(image.Text() ?? throw new RequestFormatException("'images' must be an array of strings.", "images")))] });
        foreach (var input in root.ArrayOf("inputs"u8).Each())
        {
            var path = $"inputs[{inputs.Count}]";
            var parts = new List<ContentPart>();
            foreach (var part in input.ArrayOf("content"u8, path).Each())
            {
                parts.Add(part.Text("text"u8) is { } text ? new TextPart(text)
                    : part.Get("image_url"u8).Text("url"u8) is { } url ? new ImagePart(MediaSource.FromUrl(url))
                    : throw new RequestFormatException($"'{path}.content[{parts.Count}]' must be a text or an image.", $"{path}.content[{parts.Count}]"));
            }

            inputs.Add(parts is [TextPart only] ? new EmbeddingInput { Text = only.Text } : new EmbeddingInput { Parts = parts });
        }

        if (inputs.Count == 0)
            throw new RequestFormatException("Missing required parameter: 'texts'.", "texts");
    }

    /// <summary>Writes the inputs: as texts when they are all text.</summary>
    public static void Write(Utf8JsonWriter json, List<EmbeddingInput> inputs)
    {
        if (inputs.TrueForAll(i => i.PlainText is not null))
        {
            json.WriteStartArray("texts"u8);
            foreach (var input in inputs)
                json.WriteTextValue(input.PlainText!);
            json.WriteEndArray();
            return;
        }

        json.WriteStartArray("inputs"u8);
        for (var i = 0; i < inputs.Count; i++)
        {
            json.WriteStartObject();
            json.WriteStartArray("content"u8);
            foreach (var part in inputs[i].Parts ?? [new TextPart(VectorReader.TextOf(inputs[i], i, "Cohere"))])
                WritePart(json, part, i);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>Repeats the texts in a reply, as Cohere does.</summary>
    public static void WriteTexts(Utf8JsonWriter json, List<EmbeddingInput> inputs)
    {
        if (inputs.Count == 0 || !inputs.TrueForAll(i => i.Text is not null))
            return;
        json.WriteStartArray("texts"u8);
        foreach (var input in inputs)
            json.WriteTextValue(input.Text!);
        json.WriteEndArray();
    }

    private static void WritePart(Utf8JsonWriter json, ContentPart part, int index)
    {
        json.WriteStartObject();
        switch (part)
        {
            case TextPart text:
                json.WriteString("type"u8, "text"u8);
                json.WriteText("text"u8, text.Text);
                break;
            case ImagePart image:
                json.WriteString("type"u8, "image_url"u8);
                json.WriteStartObject("image_url"u8);
                json.WriteText("url"u8, image.Source.ToUrl("image/jpeg"));
                json.WriteEndObject();
                break;
            default:
                throw new RequestFormatException("The target's wire (Cohere) embeds texts and images only.", $"input[{index}]");
        }

        json.WriteEndObject();
    }
}
