using System.Text;
using System.Text.Json;
using Gateway.Errors;

namespace Gateway.Dialects.Anthropic;

/// <summary>Reads the minimum of a request in one pass over the bytes; values it does not need are skipped, never decoded.</summary>
internal static class AnthropicRequestFacts
{
    /// <summary>Longest model name accepted, in bytes.</summary>
    public const int MaxModelLength = 256;

    /// <summary>Reads a request.</summary>
    /// <param name="body">The whole body.</param>
    /// <param name="facts">Filled in. Where the path says the model, it is said already and stays.</param>
    /// <param name="pathSaysModel">Whether model and stream stand in the path: the body then has neither.</param>
    /// <returns>Null, or what is wrong.</returns>
    public static GatewayError? Read(ReadOnlySpan<byte> body, RequestFacts facts, bool pathSaysModel = false)
    {
        var reader = new JsonCursor(body);
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                return new GatewayError(ErrorKinds.InvalidJson, "The request body must be a JSON object.");
            facts.OutputLimit = OutputLimitReader.InBody(reader.Position); // until one is found
            var error = ReadMembers(ref reader, facts, pathSaysModel);
            if (error is not null)
                return error;
            if (reader.Read())
                return new GatewayError(ErrorKinds.InvalidJson, "The request body must be a single JSON object.");
            return facts.Model.Length == 0 ? new GatewayError(ErrorKinds.MissingParameter, "model: Field required") { Param = "model" } : null;
        }
        catch (JsonException e)
        {
            return new GatewayError(ErrorKinds.InvalidJson, $"The request body is not valid JSON. {e.Message}");
        }
    }

    private static GatewayError? ReadMembers(ref JsonCursor reader, RequestFacts facts, bool pathSaysModel)
    {
        var sawModel = false;
        var sawStream = false;
        var sawLimit = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isModel = reader.TextIs("model"u8);
            var isStream = !isModel && reader.TextIs("stream"u8);
            var isLimit = !isModel && !isStream && reader.TextIs("max_tokens"u8);
            // Parsers disagree on which of two members counts: what is checked here must be what the provider obeys.
            if ((isModel && sawModel) || (isStream && sawStream))
                return Invalid($"{(isModel ? "model" : "stream")}: Duplicate field", isModel ? "model" : "stream");
            if (isLimit && sawLimit)
                return Invalid("max_tokens: Duplicate field", "max_tokens");
            if (!isModel && IsModelInOtherCase(ref reader))
                return Invalid("model: The field's name must be in lower case", "model");
            if (!isModel && !isStream && !isLimit)
                facts.NoteOther(reader.ValueSpan);
            sawModel |= isModel;
            sawStream |= isStream;
            sawLimit |= isLimit;
            reader.Read();
            if (isLimit)
                OutputLimitReader.ReadValue(ref reader, facts);
            var error = (isModel || isStream) && pathSaysModel ? Invalid($"{(isModel ? "model" : "stream")}: Extra inputs are not permitted", isModel ? "model" : "stream")
                : isModel ? ReadModel(ref reader, facts)
                : isStream ? ReadStream(ref reader, facts)
                : null;
            if (error is not null)
                return error;
            reader.Skip();
        }

        return null;
    }

    private static GatewayError? ReadModel(ref JsonCursor reader, RequestFacts facts)
    {
        if (reader.TokenType != JsonTokenType.String || reader.ValueSpan.IsEmpty)
            return Invalid("model: Input should be a non-empty string", "model");
        if (reader.ValueSpan.Length > MaxModelLength)
            return Invalid($"model: String should have at most {MaxModelLength} bytes", "model");
        if (JsonText.OrNull(ref reader) is not { } model)
            return Invalid("model: Input is not valid text", "model");
        foreach (var c in model)
        {
            // The name goes into headers, logs and addresses.
            if (char.IsControl(c) || char.IsSurrogate(c))
                return Invalid("model: Input has a character that no model name has", "model");
        }

        facts.Model = model;
        facts.ModelStart = reader.TokenStart;
        facts.ModelLength = reader.Position - facts.ModelStart;
        return null;
    }

    private static GatewayError? ReadStream(ref JsonCursor reader, RequestFacts facts)
    {
        if (reader.TokenType is not (JsonTokenType.True or JsonTokenType.False or JsonTokenType.Null))
            return Invalid("stream: Input should be a valid boolean", "stream");
        facts.Stream = reader.TokenType == JsonTokenType.True;
        return null;
    }

    /// <summary>Servers that match names without regard to case would obey a <c>Model</c> that was never checked here.</summary>
    private static bool IsModelInOtherCase(ref JsonCursor reader)
    {
        const int longest = 30; // every letter as \u006d
        if (reader.ValueSpan.Length is < 5 or > longest)
            return false;
        if (!reader.ValueIsEscaped)
            return Ascii.EqualsIgnoreCase(reader.ValueSpan, "model"u8);
        try
        {
            Span<char> name = stackalloc char[longest];
            return Ascii.EqualsIgnoreCase(name[..reader.CopyString(name)], "model");
        }
        catch (InvalidOperationException)
        {
            return false; // a lone surrogate
        }
    }

    private static GatewayError Invalid(string message, string param) => new(ErrorKinds.InvalidParameter, message) { Param = param };
}
