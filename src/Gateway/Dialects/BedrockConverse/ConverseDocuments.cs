using System.Globalization;
using System.Text.Json;
using Gateway.Protocol;
using Gateway.Protocol.Parts;

namespace Gateway.Dialects.BedrockConverse;

/// <summary>
/// Writes a request's documents. Each needs a name of its own of letters, digits, single spaces, hyphens, parentheses and brackets;
/// what is no such name is replaced by a neutral one, counted, so that the same conversation gives the same names.
/// </summary>
internal sealed class ConverseDocuments(Utf8JsonWriter writer, DroppedMembers dropped)
{
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    /// <summary>Writes one.</summary>
    /// <exception cref="RequestFormatException">Converse doesn't take documents of its type.</exception>
    public void Write(DocumentPart part, PartPlace place)
    {
        var format = ConverseFormats.Document(part.Source, part.Name) ?? (part.Text is null ? null : "txt")
            ?? throw new RequestFormatException($"Bedrock takes no documents of type '{part.Source.MediaType}'.", place.ToString());
        writer.WriteStartObject();
        writer.WriteStartObject("document"u8);
        writer.WriteString("format"u8, format);
        writer.WriteText("name"u8, NameOf(part, place));
        if (part.Text is { } text)
        {
            writer.WriteStartObject("source"u8);
            writer.WriteText("text"u8, text);
            writer.WriteEndObject();
        }
        else
        {
            ConverseBlocks.Source(writer, part.Source, part.Extras);
        }

        if (part.Context is { } context)
            writer.WriteText("context"u8, context);
        if (part.Citations is { } citations)
        {
            writer.WriteStartObject("citations"u8);
            writer.WriteBoolean("enabled"u8, citations);
            writer.WriteEndObject();
        }

        ConverseExtras.Write(writer, part.Extras);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private string NameOf(DocumentPart part, PartPlace place)
    {
        if (part.Name is { } name)
        {
            if (IsValid(name) && _names.Add(name))
                return name;
            dropped.Add($"{place} (name)");
        }

        for (var i = _names.Count + 1; ; i++)
        {
            var neutral = string.Create(CultureInfo.InvariantCulture, $"Document {i}");
            if (_names.Add(neutral))
                return neutral;
        }
    }

    private static bool IsValid(string name)
    {
        for (var i = 0; i < name.Length; i++)
        {
            var isSpace = name[i] == ' ' && (i == 0 || name[i - 1] != ' ');
            if (!isSpace && !char.IsAsciiLetterOrDigit(name[i]) && name[i] is not ('-' or '(' or ')' or '[' or ']'))
                return false;
        }

        return name.Length is > 0 and <= 200;
    }
}
