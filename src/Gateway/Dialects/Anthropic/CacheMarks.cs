using System.Text.Json;
using Gateway.Protocol;

namespace Gateway.Dialects.Anthropic;

/// <summary>
/// Writes prompt-cache marks within this wire's limits: at most four, and none that lasts longer than one before it. Of too many, the first
/// (instructions shared by conversations) and the last ones (this conversation) stay. Asked in the order of the body.
/// </summary>
/// <param name="total">How many marks the request has.</param>
/// <param name="allowed">How many may be written.</param>
/// <param name="dropped">Told of what is left out.</param>
internal sealed class CacheMarks(int total, int allowed, DroppedMembers dropped)
{
    /// <summary>Most marks in a request.</summary>
    public const int Most = 4;

    private int _seen;
    private bool _sawShort;

    /// <summary>Counts a mark that stands in a block written as it came.</summary>
    public void Pass(CacheMark? mark)
    {
        if (mark is null)
            return;
        _seen++;
        _sawShort |= mark.Ttl != "1h";
    }

    /// <summary>Writes a mark into a block or tool.</summary>
    /// <param name="json">In the block.</param>
    /// <param name="mark">The mark, or null.</param>
    public void Write(Utf8JsonWriter json, CacheMark? mark)
    {
        if (mark is null)
            return;
        var index = _seen++;
        if (total > allowed && (allowed <= 0 || (index > 0 && index <= total - allowed)))
        {
            dropped.Add($"cache_control (more than {Most})");
            return;
        }

        var ttl = mark.Ttl is "5m" or "1h" ? mark.Ttl : null;
        if (ttl != mark.Ttl || (ttl == "1h" && _sawShort))
        {
            dropped.Add("cache_control.ttl");
            ttl = null;
        }

        _sawShort |= ttl != "1h";
        json.WriteStartObject("cache_control"u8);
        json.WriteString("type"u8, "ephemeral"u8);
        if (ttl is not null)
            json.WriteText("ttl"u8, ttl);
        json.WriteEndObject();
    }
}
