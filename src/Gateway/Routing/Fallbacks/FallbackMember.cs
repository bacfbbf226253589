using System.Text.Json;
using Gateway.Dialects;

namespace Gateway.Routing.Fallbacks;

/// <summary>
/// The member of a request's body that names fallbacks: <c>fallbacks</c>, as LiteLLM and Portkey have it, or <c>models</c>, as OpenRouter has it.
/// It is for the gateway alone, so what goes to a provider lacks it.
/// </summary>
/// <param name="Name">Which of the two it is.</param>
/// <param name="Start">Where it begins in the body, in bytes, with one comma beside it.</param>
/// <param name="Length">How long it is with that.</param>
/// <param name="Value">Where its value stands.</param>
internal sealed record FallbackMember(string Name, int Start, int Length, Range Value)
{
    private const string Fallbacks = "fallbacks";
    private const string Models = "models";

    /// <summary>Looks for the member among those of the body itself, whose JSON has been checked. Almost no request has one: the reader of its facts has seen whether to look.</summary>
    /// <param name="body">The whole body.</param>
    /// <returns>The members found, at most one of each name and then both; usually none. More than one is a mistake of the client's.</returns>
    public static List<FallbackMember> FindAll(ReadOnlySpan<byte> body)
    {
        var found = new List<FallbackMember>();
        var cursor = new JsonCursor(body);
        cursor.Read();
        var end = -1; // of the member before
        while (cursor.Read() && cursor.TokenType == JsonTokenType.PropertyName)
        {
            var start = cursor.TokenStart;
            var name = cursor.TextIs("fallbacks"u8) ? Fallbacks : cursor.TextIs("models"u8) ? Models : null;
            cursor.Read();
            var valueStart = cursor.TokenStart;
            cursor.Skip();
            var (from, to) = end < 0 ? (start, AfterComma(body, cursor.Position)) : (end, cursor.Position);
            if (name is not null)
                found.Add(new FallbackMember(name, from, to - from, valueStart..cursor.Position));
            end = cursor.Position;
        }

        return found;
    }

    /// <summary>The names it lists.</summary>
    /// <param name="body">The whole body.</param>
    /// <returns>Null when its value is something else than a list of names, or of objects that have a <c>model</c> and nothing else.</returns>
    public IReadOnlyList<string>? Names(ReadOnlyMemory<byte> body)
    {
        using var json = JsonDocument.Parse(body[Value]);
        if (json.RootElement.ValueKind != JsonValueKind.Array)
            return null;
        var names = new List<string>();
        foreach (var item in json.RootElement.EnumerateArray())
        {
            var name = item.ValueKind == JsonValueKind.Object && item.GetPropertyCount() == 1 && item.TryGetProperty("model"u8, out var model) ? model : item;
            if (name.ValueKind != JsonValueKind.String || name.GetString() is not { Length: > 0 } text)
                return null;
            names.Add(text);
        }

        return names;
    }

    /// <summary>The first member takes the comma behind it along, and what stands between.</summary>
    private static int AfterComma(ReadOnlySpan<byte> body, int end)
    {
        var next = body[end..].IndexOfAnyExcept(" \t\r\n"u8);
        if (next < 0 || body[end + next] != (byte)',')
            return end;
        var comma = end + next + 1;
        return comma + Math.Max(0, body[comma..].IndexOfAnyExcept(" \t\r\n"u8));
    }
}
