using System.Text.Json;

namespace Gateway.Dialects.OpenAi;

/// <summary>Reads a whole reply that has <c>choices</c> or <c>data</c>: Chat Completions, Completions, Embeddings.</summary>
internal static class ChoicesReplyReader
{

    /// <summary>Reads id, model, usage and the first finish reason.</summary>
    /// <param name="body">The whole reply.</param>
    /// <param name="required">The member without which it is no reply of the operation.</param>
    /// <param name="facts">Filled in.</param>
    /// <returns>False when the body is not a JSON object with <paramref name="required"/>.</returns>
    public static bool TryRead(ReadOnlySpan<byte> body, ReadOnlySpan<byte> required, ReplyFacts facts)
    {
        var reader = new JsonCursor(body);
        var found = false;
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                return false;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.TextIs(required))
                {
                    found = true;
                    reader.Read();
                    ReadChoices(ref reader, facts);
                }
                else if (reader.TextIs("id"u8))
                {
                    reader.Read();
                    facts.Id = JsonText.OrNull(ref reader);
                    reader.Skip();
                }
                else if (reader.TextIs("model"u8))
                {
                    reader.Read();
                    facts.Model = JsonText.OrNull(ref reader);
                    reader.Skip();
                }
                else if (reader.TextIs("usage"u8))
                {
                    reader.Read();
                    facts.Usage = OpenAiUsageReader.Read(ref reader);
                }
                else
                {
                    reader.Skip();
                }
            }

            return found && !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static void ReadChoices(ref JsonCursor reader, ReplyFacts facts)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.StartObject || facts.FinishReason is not null)
            {
                reader.Skip();
                continue;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isFinish = reader.TextIs("finish_reason"u8);
                reader.Read();
                if (isFinish)
                    facts.FinishReason = FinishReasons.Read(ref reader);
                reader.Skip();
            }
        }
    }
}
