using System.Text;
using System.Text.Json;
using Gateway.Errors;

namespace Gateway.Dialects;

/// <summary>Reads model and stream of a request in one pass over its bytes; what else stands there is checked for being JSON and skipped.</summary>
internal static class BodyFactsReader
{
    private const int MaxModelLength = 256;

    /// <param name="body">The whole body.</param>
    /// <param name="facts">Filled in.</param>
    /// <param name="shape">What is special about the wire.</param>
    /// <returns>Null, or what is wrong with the request.</returns>
    public static GatewayError? Read(ReadOnlySpan<byte> body, RequestFacts facts, BodyShape shape = BodyShape.Usual)
    {
        var cursor = new JsonCursor(body);
        try
        {
            if (!cursor.Read() || cursor.TokenType != JsonTokenType.StartObject)
                return new GatewayError(ErrorKinds.InvalidJson, "The request body must be a JSON object.");
            if ((shape & (BodyShape.MaxTokens | BodyShape.NumPredict)) != 0)
                facts.OutputLimit = OutputLimitReader.InBody(cursor.Position); // until one is found
            if (ReadMembers(ref cursor, facts, shape) is { } error)
                return error;
            if (cursor.Read())
                return new GatewayError(ErrorKinds.InvalidJson, "The request body must be a single JSON object.");
            return facts.ModelLength == 0 && (shape & BodyShape.ModelInPath) == 0
                ? new GatewayError(ErrorKinds.MissingParameter, "Missing required parameter: 'model'.") { Param = "model" }
                : null;
        }
        catch (JsonException e)
        {
            return new GatewayError(ErrorKinds.InvalidJson, $"The request body is not valid JSON. {e.Message}");
        }
    }

    private static GatewayError? ReadMembers(ref JsonCursor cursor, RequestFacts facts, BodyShape shape)
    {
        var readsModel = (shape & BodyShape.ModelInPath) == 0;
        var (sawModel, sawStream, sawLimit) = (false, false, false);
        if (readsModel)
            facts.Stream = (shape & BodyShape.StreamsByDefault) != 0;
        while (cursor.Read() && cursor.TokenType == JsonTokenType.PropertyName)
        {
            GatewayError? error = null;
            if (readsModel && cursor.TextIs("model"u8))
            {
                // Parsers disagree on which of two members counts: what is checked here must be what the provider obeys.
                error = sawModel ? Duplicate("model") : ReadModel(ref cursor, facts);
                sawModel = true;
            }
            else if (readsModel && cursor.TextIs("stream"u8))
            {
                error = sawStream ? Duplicate("stream") : ReadStream(ref cursor, facts, shape);
                sawStream = true;
            }
            else if ((shape & BodyShape.MaxTokens) != 0 && cursor.TextIs("max_tokens"u8))
            {
                error = sawLimit ? Duplicate("max_tokens") : null;
                sawLimit = true;
                cursor.Read();
                OutputLimitReader.ReadValue(ref cursor, facts);
                cursor.Skip();
            }
            else if ((shape & BodyShape.NumPredict) != 0 && cursor.TextIs("options"u8))
            {
                error = sawLimit ? Duplicate("options") : null;
                sawLimit = true;
                cursor.Read();
                error ??= OutputLimitReader.ReadObject(ref cursor, facts, "num_predict"u8, "options.num_predict");
            }
            else if (readsModel && IsModelInOtherCase(ref cursor))
            {
                // Go's servers, Ollama among them, match names without regard to case.
                error = Invalid("'model' must be written in lower case.", "model");
            }
            else
            {
                facts.NoteOther(cursor.ValueSpan);
                cursor.Skip();
            }

            if (error is not null)
                return error;
        }

        return null;
    }

    private static bool IsModelInOtherCase(ref JsonCursor cursor)
    {
        const int longest = 30; // every letter as \u006d
        if (cursor.ValueSpan.Length is < 5 or > longest)
            return false;
        if (!cursor.ValueIsEscaped)
            return Ascii.EqualsIgnoreCase(cursor.ValueSpan, "model"u8);
        try
        {
            Span<char> name = stackalloc char[longest];
            return Ascii.EqualsIgnoreCase(name[..cursor.CopyString(name)], "model");
        }
        catch (InvalidOperationException)
        {
            return false; // a lone surrogate
        }
    }

    private static GatewayError? ReadModel(ref JsonCursor cursor, RequestFacts facts)
    {
        cursor.Read();
        if (cursor.TokenType != JsonTokenType.String || cursor.ValueSpan.IsEmpty)
            return Invalid("'model' must be a non-empty string.", "model");
        if (cursor.ValueSpan.Length > MaxModelLength)
            return Invalid($"'model' is longer than {MaxModelLength} bytes.", "model");
        if (JsonText.OrNull(ref cursor) is not { } model)
            return Invalid("'model' is not valid text.", "model");
        foreach (var c in model)
        {
            // The name goes into headers, logs and addresses.
            if (char.IsControl(c) || char.IsSurrogate(c))
                return Invalid("'model' contains a character that no model name has.", "model");
        }

        facts.Model = model;
        facts.ModelStart = cursor.TokenStart;
        facts.ModelLength = cursor.Position - facts.ModelStart;
        return null;
    }

    private static GatewayError? ReadStream(ref JsonCursor cursor, RequestFacts facts, BodyShape shape)
    {
        cursor.Read();
        if (cursor.TokenType is not (JsonTokenType.True or JsonTokenType.False or JsonTokenType.Null))
            return Invalid("'stream' must be true or false.", "stream");
        if (cursor.TokenType == JsonTokenType.True && (shape & BodyShape.NeverStreams) != 0)
            return Invalid("This operation cannot be streamed.", "stream");
        if (cursor.TokenType != JsonTokenType.Null)
            facts.Stream = cursor.TokenType == JsonTokenType.True;
        return null;
    }

    private static GatewayError Duplicate(string name) => Invalid($"Duplicate parameter: '{name}'.", name);

    private static GatewayError Invalid(string message, string param) => new(ErrorKinds.InvalidParameter, message) { Param = param };
}
