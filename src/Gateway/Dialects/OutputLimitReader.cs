using System.Text.Json;
using Gateway.Errors;

namespace Gateway.Dialects;

/// <summary>Reads how many output tokens a body asks for at most, and where it could be told another number.</summary>
internal static class OutputLimitReader
{
    /// <summary>
    /// Reads the number that the cursor stands on. What is no positive integer asks for nothing: providers refuse it, or take it for no limit.
    /// </summary>
    public static void ReadValue(ref JsonCursor cursor, RequestFacts facts)
    {
        facts.MaxOutputTokens = cursor.TokenType == JsonTokenType.Number && cursor.TryGetInt64(out var tokens) && tokens > 0 ? tokens : null;
        facts.OutputLimit = cursor.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray
            ? default
            : new OutputLimitPlace(OutputLimitKind.ReplaceValue, cursor.TokenStart, cursor.Position - cursor.TokenStart);
    }

    /// <summary>Reads the object that the cursor stands on and the number in it. Of another value only the place is noted.</summary>
    /// <param name="cursor">On the value; afterwards on its end.</param>
    /// <param name="facts">Filled in.</param>
    /// <param name="name">The number's name.</param>
    /// <param name="path">The number's path, for errors.</param>
    public static GatewayError? ReadObject(ref JsonCursor cursor, RequestFacts facts, ReadOnlySpan<byte> name, string path)
    {
        if (cursor.TokenType != JsonTokenType.StartObject)
        {
            if (cursor.TokenType == JsonTokenType.Null)
                facts.OutputLimit = new OutputLimitPlace(OutputLimitKind.ReplaceObject, cursor.TokenStart, cursor.Position - cursor.TokenStart);
            cursor.Skip();
            return null;
        }

        var start = cursor.Position;
        var (isEmpty, isFound) = (true, false);
        while (cursor.Read() && cursor.TokenType == JsonTokenType.PropertyName)
        {
            isEmpty = false;
            var isLimit = cursor.TextIs(name);
            cursor.Read();
            if (isLimit)
            {
                if (isFound)
                    return Duplicate(path);
                isFound = true;
                ReadValue(ref cursor, facts);
            }

            cursor.Skip();
        }

        if (!isFound)
            facts.OutputLimit = Inside(start, isEmpty);
        return null;
    }

    /// <summary>The place in an object that lacks the number.</summary>
    public static OutputLimitPlace Inside(int start, bool isEmpty) =>
        new(isEmpty ? OutputLimitKind.InsertOnlyField : OutputLimitKind.InsertField, start, 0);

    /// <summary>The place in a body that lacks the number and what it would stand in.</summary>
    public static OutputLimitPlace InBody(int start) => new(OutputLimitKind.InsertMember, start, 0);

    /// <summary>The error of a body that says it twice: parsers disagree on which counts.</summary>
    public static GatewayError Duplicate(string path) => new(ErrorKinds.InvalidParameter, $"Duplicate parameter: '{path}'.") { Param = path };
}
