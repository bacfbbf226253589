using System.Buffers;
using System.Text;
using System.Text.Json;
using Gateway.Protocol;

namespace Gateway.Dialects.Gemini;

/// <summary>Log probabilities: <c>logprobsResult</c> and OpenAI's form of the same, both ways. Token ids have no place in the latter.</summary>
internal static class GeminiLogprobs
{
    /// <summary>OpenAI's form: <c>{"content":[{token, logprob, bytes, top_logprobs}]}</c>; missing when there is nothing.</summary>
    public static RawJson Read(JsonElement result)
    {
        if (result.Member("chosenCandidates"u8).ValueKind != JsonValueKind.Array)
            return default;
        var top = result.Member("topCandidates"u8);
        var output = new ArrayBufferWriter<byte>();
        using (var writer = WireJson.Writer(output))
        {
            writer.WriteStartObject();
            writer.WriteStartArray("content"u8);
            var at = 0;
            foreach (var chosen in result.Member("chosenCandidates"u8).EnumerateArray())
            {
                writer.WriteStartObject();
                WriteOpenAi(writer, chosen);
                writer.WriteStartArray("top_logprobs"u8);
                if (top.ValueKind == JsonValueKind.Array && at < top.GetArrayLength())
                {
                    foreach (var other in top[at].Member("candidates"u8).Items())
                    {
                        writer.WriteStartObject();
                        WriteOpenAi(writer, other);
                        writer.WriteEndObject();
                    }
                }

                writer.WriteEndArray();
                writer.WriteEndObject();
                at++;
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return new RawJson(output.WrittenMemory);
    }

    /// <summary>Writes <c>logprobsResult</c> of one or more pieces in OpenAI's form; nothing when they hold no tokens.</summary>
    public static void Write(Utf8JsonWriter writer, IReadOnlyList<RawJson> pieces)
    {
        var documents = pieces.Where(piece => !piece.IsMissing).Select(piece => WireJson.Parse(piece.Utf8)).ToList();
        try
        {
            var tokens = documents.SelectMany(document => document.RootElement.Get("content"u8).Items()).ToList();
            if (tokens.Count == 0)
                return;
            writer.WriteStartObject("logprobsResult"u8);
            writer.WriteStartArray("topCandidates"u8);
            foreach (var token in tokens)
            {
                writer.WriteStartObject();
                writer.WriteStartArray("candidates"u8);
                foreach (var other in token.Get("top_logprobs"u8).Items())
                    WriteGemini(writer, other);
                writer.WriteEndArray();
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteStartArray("chosenCandidates"u8);
            foreach (var token in tokens)
                WriteGemini(writer, token);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }
        finally
        {
            documents.ForEach(document => document.Dispose());
        }
    }

    private static void WriteOpenAi(Utf8JsonWriter writer, JsonElement candidate)
    {
        var token = candidate.TextOf("token"u8) ?? "";
        writer.WriteText("token"u8, token);
        writer.WriteNumber("logprob"u8, candidate.NumberOf("logProbability"u8) ?? 0);
        writer.WriteStartArray("bytes"u8);
        foreach (var b in Encoding.UTF8.GetBytes(token))
            writer.WriteNumberValue(b);
        writer.WriteEndArray();
    }

    private static void WriteGemini(Utf8JsonWriter writer, JsonElement token)
    {
        writer.WriteStartObject();
        writer.WriteText("token"u8, token.Text("token"u8) ?? "");
        writer.WriteNumber("logProbability"u8, token.Number("logprob"u8) ?? 0);
        writer.WriteEndObject();
    }
}
