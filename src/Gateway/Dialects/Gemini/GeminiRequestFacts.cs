using System.Text.Json;
using Gateway.Errors;

namespace Gateway.Dialects.Gemini;

/// <summary>Reads the minimum of a request in one pass over the bytes. Model and stream stand in the path: the surface has set them before.</summary>
internal static class GeminiRequestFacts
{
    private const string Contents = "contents";
    private const string CandidateCount = "generationConfig.candidateCount";

    public static GatewayError? Read(ReadOnlySpan<byte> body, RequestFacts facts)
    {
        var reader = new JsonCursor(body);
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                return new GatewayError(ErrorKinds.InvalidJson, "The request body must be a JSON object.");
            facts.OutputLimit = OutputLimitReader.InBody(reader.Position); // until one is found
            var hasContents = false;
            var error = ReadMembers(ref reader, facts, ref hasContents);
            if (error is not null)
                return error;
            if (reader.Read())
                return new GatewayError(ErrorKinds.InvalidJson, "The request body must be a single JSON object.");
            if (!hasContents)
                return new GatewayError(ErrorKinds.MissingParameter, "Missing required parameter: 'contents'.") { Param = Contents };
            if (facts.Model.Length == 0)
                return new GatewayError(ErrorKinds.MissingParameter, "The address names no model.") { Param = "model" };
            facts.ModelLength = 0;
            facts.WantsStreamUsage = true; // this wire always reports it
            return null;
        }
        catch (JsonException e)
        {
            return new GatewayError(ErrorKinds.InvalidJson, e.Message);
        }
    }

    private static GatewayError? ReadMembers(ref JsonCursor reader, RequestFacts facts, ref bool hasContents)
    {
        var hasConfig = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.TextIs("contents"u8))
            {
                // Parsers disagree on which of two members counts: what is checked here must be what the provider obeys.
                if (hasContents)
                    return Invalid("Duplicate parameter: 'contents'.", Contents);
                hasContents = true;
                reader.Read();
                if (reader.TokenType != JsonTokenType.StartArray)
                    return Invalid("'contents' must be a list.", Contents);
            }
            else if (reader.TextIs("generationConfig"u8) || reader.TextIs("generation_config"u8))
            {
                if (hasConfig)
                    return Invalid("Duplicate parameter: 'generationConfig'.", "generationConfig");
                hasConfig = true;
                reader.Read();
                if (reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.Null))
                    return Invalid("'generationConfig' must be an object.", "generationConfig");
                if (reader.TokenType == JsonTokenType.Null)
                    facts.OutputLimit = new OutputLimitPlace(OutputLimitKind.ReplaceObject, reader.TokenStart, reader.Position - reader.TokenStart);
                if (reader.TokenType == JsonTokenType.StartObject)
                {
                    if (ReadConfig(ref reader, facts) is { } error)
                        return error;
                    continue;
                }
            }

            else if (reader.TextIs("generateContentRequest"u8) || reader.TextIs("generate_content_request"u8))
            {
                hasContents = true; // countTokens may be given a whole request
            }

            reader.Skip();
        }

        return null;
    }

    private static GatewayError? ReadConfig(ref JsonCursor reader, RequestFacts facts)
    {
        var (hasCount, hasLimit, isEmpty) = (false, false, true);
        var start = reader.Position;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            isEmpty = false;
            var isLimit = reader.TextIs("maxOutputTokens"u8) || reader.TextIs("max_output_tokens"u8);
            var isCount = reader.TextIs("candidateCount"u8) || reader.TextIs("candidate_count"u8);
            reader.Read();
            if (isCount)
            {
                if (hasCount)
                    return Invalid($"Duplicate parameter: '{CandidateCount}'.", CandidateCount);
                hasCount = true;
                // Anything else than a small positive number is for the provider to refuse.
                if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var count) && count is > 0 and <= 128)
                    facts.ChoicesPerPrompt = count;
            }
            else if (isLimit)
            {
                if (hasLimit)
                    return OutputLimitReader.Duplicate("generationConfig.maxOutputTokens");
                hasLimit = true;
                OutputLimitReader.ReadValue(ref reader, facts);
            }

            reader.Skip();
        }

        if (!hasLimit)
            facts.OutputLimit = OutputLimitReader.Inside(start, isEmpty);
        return null;
    }

    private static GatewayError Invalid(string message, string param) => new(ErrorKinds.InvalidParameter, message) { Param = param };
}
