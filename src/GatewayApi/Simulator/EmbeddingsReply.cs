using System.Runtime.InteropServices;
using System.Text.Json;

namespace GatewayApi.Simulator;

/// <summary>Answers <c>POST /v1/embeddings</c> with unit vectors that depend on the text and the dimensions alone.</summary>
internal static class EmbeddingsReply
{
    private const int UsualDimensions = 1536;
    private const int MostDimensions = 8192;
    private const int MostInputs = 2048;

    /// <summary>Writes the whole reply and returns its input tokens.</summary>
    /// <exception cref="SimulatorException">400 naming the member at fault.</exception>
    public static int Write(JsonElement body, SimulatorModel model, Utf8JsonWriter json)
    {
        var (texts, tokens) = InputTexts.Read(body, "input");
        if (texts.Count > MostInputs)
            throw SimulatorException.BadRequest("input", "'input' holds more than 2048 texts.");
        var dimensions = body.Integer("dimensions", 1, MostDimensions) ?? UsualDimensions;
        var base64 = body.String("encoding_format") switch
        {
            null or "float" => false,
            "base64" => true,
            _ => throw SimulatorException.BadRequest("encoding_format", "'encoding_format' must be float or base64."),
        };

        json.WriteStartObject();
        json.WriteString("object"u8, "list"u8);
        json.WriteStartArray("data"u8);
        var vector = new float[dimensions];
        for (var i = 0; i < texts.Count; i++)
        {
            Fill(vector, texts[i]);
            json.WriteStartObject();
            json.WriteString("object"u8, "embedding"u8);
            json.WriteNumber("index"u8, i);
            if (base64)
                json.WriteBase64String("embedding"u8, MemoryMarshal.AsBytes<float>(vector));
            else
                WriteNumbers(json, vector);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteString("model"u8, model.Id);
        json.WriteStartObject("usage"u8);
        json.WriteNumber("prompt_tokens"u8, tokens);
        json.WriteNumber("total_tokens"u8, tokens);
        json.WriteEndObject();
        json.WriteEndObject();
        return tokens;
    }

    /// <summary>Fills a vector of length 1 in the direction the text's hash gives.</summary>
    public static void Fill(Span<float> vector, string text)
    {
        var state = StableHash.Of(text);
        double squares = 0;
        for (var i = 0; i < vector.Length; i++)
        {
            state = StableHash.Mix(state);
            vector[i] = (float)(StableHash.Unit(state) * 2 - 1);
            squares += vector[i] * (double)vector[i];
        }

        var length = Math.Sqrt(squares);
        for (var i = 0; i < vector.Length; i++)
            vector[i] = (float)(vector[i] / length);
    }

    private static void WriteNumbers(Utf8JsonWriter json, float[] vector)
    {
        json.WriteStartArray("embedding"u8);
        foreach (var value in vector)
            json.WriteNumberValue(value);
        json.WriteEndArray();
    }
}
