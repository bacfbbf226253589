using System.Text.Json;
using Gateway.Protocol;

namespace Gateway.Dialects.OpenAiChat;

/// <summary>Prompt-cache marks: <c>cache_control</c> as several providers have it, <c>prompt_cache_breakpoint</c> as OpenAI has it.</summary>
internal static class ChatCache
{
    /// <summary>Whether a member is a mark.</summary>
    public static bool IsMark(string member) => member is "cache_control" or "prompt_cache_breakpoint";

    /// <summary>The mark of a part or tool, or null.</summary>
    public static CacheMark? Read(JsonElement element)
    {
        var control = element.Get("cache_control"u8);
        if (control.ValueKind == JsonValueKind.Object)
            return new CacheMark(control.Text("ttl"u8));
        return element.Get("prompt_cache_breakpoint"u8).ValueKind == JsonValueKind.Object ? new CacheMark(null) : null;
    }

    /// <summary>Writes a mark into a part or tool, or names it.</summary>
    /// <param name="json">In the part or tool.</param>
    /// <param name="mark">The mark, or null.</param>
    /// <param name="isPart">Whether it stands in a content part: OpenAI has no marks elsewhere.</param>
    /// <param name="path">The part or tool.</param>
    /// <param name="context">The request being written.</param>
    public static void Write(Utf8JsonWriter json, CacheMark? mark, bool isPart, string path, ChatWriting context)
    {
        if (mark is null)
            return;
        if (context.Quirks.CacheControl)
        {
            json.WriteStartObject("cache_control"u8);
            json.WriteString("type"u8, "ephemeral"u8);
            if (mark.Ttl is { } ttl)
                json.WriteText("ttl"u8, ttl);
            json.WriteEndObject();
        }
        else if (isPart && context.TakesBreakpoints)
        {
            json.WriteStartObject("prompt_cache_breakpoint"u8);
            json.WriteString("mode"u8, "explicit"u8);
            json.WriteEndObject();
        }
        else
        {
            context.Dropped.Add($"{path}.cache_control");
        }
    }
}
