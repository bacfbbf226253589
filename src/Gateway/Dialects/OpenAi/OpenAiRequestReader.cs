using System.Text;
using System.Text.Json;
using Gateway.Errors;

namespace Gateway.Dialects.OpenAi;

/// <summary>Reads the minimum of an OpenAI request in one pass over the bytes. Values it does not need are skipped, never decoded.</summary>
internal static class OpenAiRequestReader
{
    /// <summary>Longest model name accepted, in characters.</summary>
    public const int MaxModelLength = 256;


    /// <param name="body">The whole body.</param>
    /// <param name="facts">Filled in.</param>
    /// <param name="usesStreamOptions">Whether this operation has <c>stream_options.include_usage</c>.</param>
    /// <param name="limits">What limits the operation's output.</param>
    public static GatewayError? Read(ReadOnlySpan<byte> body, RequestFacts facts, bool usesStreamOptions, OutputLimitWords limits = OutputLimitWords.None)
    {
        var reader = new JsonCursor(body);
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                return new GatewayError(ErrorKinds.InvalidJson, "The request body must be a JSON object.");
            var memberStart = reader.Position;
            if (limits != OutputLimitWords.None)
                facts.OutputLimit = OutputLimitReader.InBody(memberStart); // until one is found
            var error = ReadMembers(ref reader, facts, limits, out var isEmpty);
            if (error is not null)
                return error;
            if (reader.Read())
                return new GatewayError(ErrorKinds.InvalidJson, "The request body must be a single JSON object.");
            if (facts.ModelLength == 0 && facts.Model.Length > 0 && !isEmpty)
                (facts.IsModelMissing, facts.ModelStart) = (true, memberStart); // the path named it
            else if (facts.ModelLength == 0)
                return new GatewayError(ErrorKinds.MissingParameter, "Missing required parameter: 'model'.") { Param = "model" };
            if (usesStreamOptions && facts.Stream && facts.StreamUsage.Kind == UsageSpliceKind.None && !facts.WantsStreamUsage)
                facts.StreamUsage = new UsageSplice(UsageSpliceKind.InsertMember, memberStart, 0);
            else if (!usesStreamOptions || !facts.Stream)
                facts.StreamUsage = default;
            return null;
        }
        catch (JsonException e)
        {
            return new GatewayError(ErrorKinds.InvalidJson, $"The request body is not valid JSON (line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}).");
        }
    }

    private static GatewayError? ReadMembers(ref JsonCursor reader, RequestFacts facts, OutputLimitWords limits, out bool isEmpty)
    {
        var seen = Seen.None;
        isEmpty = true;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            isEmpty = false;
            var member = Name(ref reader, limits);
            // Parsers disagree on which of two members counts: what is checked here must be what the provider obeys.
            if (member != Seen.None && (seen & member) != 0)
                return Invalid($"Duplicate parameter: '{reader.GetString()}'.", reader.GetString());
            if (member == Seen.None && IsModelInOtherCase(ref reader))
                return Invalid("'model' must be written in lower case.", "model");
            if (member == Seen.None)
                facts.NoteOther(reader.ValueSpan);
            seen |= member;
            reader.Read();
            var error = member switch
            {
                Seen.Model => ReadModel(ref reader, facts),
                Seen.Stream => ReadStream(ref reader, facts),
                Seen.StreamOptions => ReadStreamOptions(ref reader, facts),
                Seen.Choices => ReadChoices(ref reader, facts),
                Seen.EncodingFormat => ReadEncodingFormat(ref reader, facts),
                Seen.Prompt => ReadPrompt(ref reader, facts),
                Seen.BestOf => ReadBestOf(ref reader, facts),
                Seen.MaxTokens or Seen.MaxCompletionTokens => ReadLimit(ref reader, facts, seen),
                _ => null,
            };
            if (error is not null)
                return error;
            reader.Skip();
        }

        return null;
    }

    private static Seen Name(ref JsonCursor reader, OutputLimitWords limits) =>
        reader.TextIs("model"u8) ? Seen.Model
        : reader.TextIs("stream"u8) ? Seen.Stream
        : reader.TextIs("stream_options"u8) ? Seen.StreamOptions
        : reader.TextIs("n"u8) ? Seen.Choices
        : reader.TextIs("encoding_format"u8) ? Seen.EncodingFormat
        : reader.TextIs("prompt"u8) ? Seen.Prompt
        : reader.TextIs("best_of"u8) ? Seen.BestOf
        : (limits & OutputLimitWords.MaxTokens) != 0 && reader.TextIs("max_tokens"u8) ? Seen.MaxTokens
        : (limits & OutputLimitWords.MaxCompletionTokens) != 0 && reader.TextIs("max_completion_tokens"u8) ? Seen.MaxCompletionTokens
        : (limits & OutputLimitWords.MaxOutputTokens) != 0 && reader.TextIs("max_output_tokens"u8) ? Seen.MaxTokens
        : Seen.None;

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

    private static GatewayError? ReadModel(ref JsonCursor reader, RequestFacts facts)
    {
        if (reader.TokenType != JsonTokenType.String || reader.ValueSpan.IsEmpty)
            return Invalid("'model' must be a non-empty string.", "model");
        if (reader.ValueSpan.Length > MaxModelLength)
            return Invalid($"'model' is longer than {MaxModelLength} bytes.", "model");
        try
        {
            facts.Model = reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return Invalid("'model' is not valid text.", "model");
        }

        foreach (var c in facts.Model)
        {
            // The name goes into headers, logs and addresses.
            if (char.IsControl(c) || char.IsSurrogate(c))
                return Invalid("'model' contains a character that no model name has.", "model");
        }

        facts.ModelStart = reader.TokenStart;
        facts.ModelLength = reader.Position - facts.ModelStart;
        return null;
    }

    private static GatewayError? ReadStream(ref JsonCursor reader, RequestFacts facts)
    {
        if (reader.TokenType is not (JsonTokenType.True or JsonTokenType.False or JsonTokenType.Null))
            return Invalid("'stream' must be true or false.", "stream");
        facts.Stream = reader.TokenType == JsonTokenType.True;
        return null;
    }

    private static GatewayError? ReadChoices(ref JsonCursor reader, RequestFacts facts)
    {
        // Anything else than a small positive number is for the provider to refuse.
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var n) && n is > 0 and <= 128)
            facts.ChoicesPerPrompt = n;
        return null;
    }

    private static GatewayError? ReadBestOf(ref JsonCursor reader, RequestFacts facts)
    {
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var n) && n is > 0 and <= 128)
            facts.BestOf = n;
        return null;
    }

    private static GatewayError? ReadLimit(ref JsonCursor reader, RequestFacts facts, Seen seen)
    {
        var other = facts.MaxOutputTokens;
        OutputLimitReader.ReadValue(ref reader, facts);
        if ((seen & (Seen.MaxTokens | Seen.MaxCompletionTokens)) == (Seen.MaxTokens | Seen.MaxCompletionTokens))
        {
            // Which of the two a provider obeys is its affair: at worst the larger, and none of them can be lowered alone.
            facts.MaxOutputTokens = other is null || facts.MaxOutputTokens is null ? null : Math.Max(other.Value, facts.MaxOutputTokens.Value);
            facts.OutputLimit = default;
        }

        return null;
    }

    /// <summary>Legacy completions take several prompts at once, as texts or as arrays of tokens, and answer each; one array of tokens is one prompt.</summary>
    private static GatewayError? ReadPrompt(ref JsonCursor reader, RequestFacts facts)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
            return null;
        var prompts = 0;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType is JsonTokenType.String or JsonTokenType.StartArray)
                prompts++;
            reader.Skip();
        }

        facts.Prompts = Math.Clamp(prompts, 1, RequestFacts.MostPrompts);
        return null;
    }

    private static GatewayError? ReadEncodingFormat(ref JsonCursor reader, RequestFacts facts)
    {
        if (reader.TokenType == JsonTokenType.String)
            facts.EncodingFormat = reader.TextIs("base64"u8) ? "base64" : "float";
        return null;
    }

    private static GatewayError? ReadStreamOptions(ref JsonCursor reader, RequestFacts facts)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            facts.StreamUsage = new UsageSplice(UsageSpliceKind.ReplaceValue, reader.TokenStart, reader.Position - reader.TokenStart);
            return null;
        }

        if (reader.TokenType != JsonTokenType.StartObject)
            return Invalid("'stream_options' must be an object.", "stream_options");
        var afterBrace = reader.Position;
        var isEmpty = true;
        var found = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            isEmpty = false;
            var isFlag = reader.TextIs("include_usage"u8);
            reader.Read();
            if (!isFlag)
            {
                reader.Skip();
                continue;
            }

            if (found)
                return Invalid("Duplicate parameter: 'stream_options.include_usage'.", "stream_options.include_usage");
            found = true;
            if (reader.TokenType is not (JsonTokenType.True or JsonTokenType.False or JsonTokenType.Null))
                return Invalid("'stream_options.include_usage' must be true or false.", "stream_options.include_usage");
            facts.WantsStreamUsage = reader.TokenType == JsonTokenType.True;
            if (!facts.WantsStreamUsage)
                facts.StreamUsage = new UsageSplice(UsageSpliceKind.ReplaceFlag, reader.TokenStart, reader.Position - reader.TokenStart);
        }

        if (!found)
            facts.StreamUsage = new UsageSplice(isEmpty ? UsageSpliceKind.InsertOnlyField : UsageSpliceKind.InsertField, afterBrace, 0);
        return null;
    }

    private static GatewayError Invalid(string message, string? param) =>
        new(ErrorKinds.InvalidParameter, message) { Param = param };

    [Flags]
    private enum Seen
    {
        None = 0,
        Model = 1,
        Stream = 2,
        StreamOptions = 4,
        Choices = 8,
        EncodingFormat = 16,
        Prompt = 32,
        BestOf = 64,
        MaxTokens = 128,
        MaxCompletionTokens = 256,
    }
}
