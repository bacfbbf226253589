using System.Buffers;
using System.Text.Json;
using Gateway.Errors;

namespace Gateway.Dialects.OpenAi;

/// <summary>The error object of OpenAI's API: <c>{"error":{"message","type","param","code"}}</c>.</summary>
internal static class OpenAiErrors
{
    /// <summary>Writes the error as a JSON body.</summary>
    public static void WriteBody(IBufferWriter<byte> output, GatewayError error)
    {
        using var json = new Utf8JsonWriter(output, JsonText.Writing);
        json.WriteStartObject();
        json.WriteStartObject("error"u8);
        WriteMembers(json, error);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>Writes message, type, param and code into the current object.</summary>
    public static void WriteMembers(Utf8JsonWriter json, GatewayError error)
    {
        json.WriteString("message"u8, error.Message);
        json.WriteString("type"u8, error.Kind.Type);
        if (error.Param is null)
            json.WriteNull("param"u8);
        else
            json.WriteString("param"u8, error.Param);
        json.WriteString("code"u8, error.Code);
    }

    /// <summary>Reads an error body of an OpenAI-compatible provider, including the usual deviations (error as a string, top-level members).</summary>
    public static ProviderErrorFacts Read(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { AllowTrailingCommas = true });
        try
        {
            return reader.Read() && reader.TokenType == JsonTokenType.StartObject ? ReadObject(ref reader) : ProviderErrorFacts.None;
        }
        catch (JsonException)
        {
            return ProviderErrorFacts.None;
        }
    }

    /// <summary>Reads the object the reader stands on.</summary>
    public static ProviderErrorFacts ReadObject(ref Utf8JsonReader reader)
    {
        var facts = ProviderErrorFacts.None;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.TextIs("error"u8) || reader.TextIs("response"u8))
            {
                reader.Read();
                if (reader.TokenType == JsonTokenType.StartObject)
                {
                    var inner = ReadObject(ref reader);
                    if (inner != ProviderErrorFacts.None)
                        facts = inner;
                }
                else if (Text(ref reader) is { } text)
                {
                    facts = facts with { Message = text };
                }
            }
            else if (reader.TextIs("message"u8))
            {
                facts = facts with { Message = Next(ref reader) ?? facts.Message };
            }
            else if (reader.TextIs("code"u8))
            {
                facts = facts with { Code = Next(ref reader) ?? facts.Code };
            }
            else if (reader.TextIs("type"u8))
            {
                facts = facts with { Type = Next(ref reader) ?? facts.Type };
            }
            else if (reader.TextIs("param"u8))
            {
                facts = facts with { Param = Next(ref reader) ?? facts.Param };
            }
            else
            {
                reader.Skip();
            }
        }

        return facts;
    }

    private static string? Next(ref Utf8JsonReader reader)
    {
        reader.Read();
        return Text(ref reader);
    }

    private static string? Text(ref Utf8JsonReader reader)
    {
        try
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.String:
                    return reader.GetString();
                case JsonTokenType.Number:
                    return System.Text.Encoding.UTF8.GetString(reader.ValueSpan);
                default:
                    reader.Skip();
                    return null;
            }
        }
        catch (InvalidOperationException)
        {
            return null; // a lone surrogate
        }
    }
}
