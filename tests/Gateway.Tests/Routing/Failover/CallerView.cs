using System.Text;
using System.Text.Json;
using Gateway.Tests.Surfaces;

namespace Gateway.Tests.Routing.Failover;

/// <summary>What a caller made of a reply.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Text">The answer's text, as far as it came.</param>
/// <param name="Code">The code of the error, or null.</param>
/// <param name="IsEnded">Whether it ended as whole answers of its form do.</param>
/// <param name="Took">From asking to the end.</param>
internal sealed record CallerView(int Status, string Text, string? Code, bool IsEnded, TimeSpan Took)
{
    /// <summary>Reads a reply.</summary>
    /// <param name="reply">The reply.</param>
    /// <param name="isStream">Whether a stream was asked for.</param>
    /// <param name="took">From asking to the end.</param>
    public static CallerView Of(RawReply reply, bool isStream, TimeSpan took)
    {
        var (text, code, isEnded) = (new StringBuilder(), (string?)null, false);
        foreach (var data in reply.Data.Count > 0 ? reply.Data : [reply.Text])
        {
            if (data == "[DONE]")
            {
                isEnded = true;
                continue;
            }

            if (!TryParse(data, out var json))
                continue;
            code ??= CodeOf(json);
            isEnded |= json.TryGetProperty("type", out var type) && type.ValueEquals("message_stop");
            text.Append(TextOf(json));
        }

        return new CallerView(reply.Status, text.ToString(), code, (isStream ? isEnded : reply.Status == 200 && code is null) && reply.IsProperEnd, took);
    }

    private static bool TryParse(string data, out JsonElement json)
    {
        try
        {
            json = JsonDocument.Parse(data).RootElement;
            return json.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            json = default;
            return false;
        }
    }

    private static string? CodeOf(JsonElement json) => !json.TryGetProperty("error", out var error) || error.ValueKind != JsonValueKind.Object ? null
        : error.TryGetProperty("code", out var code) && code.ValueKind == JsonValueKind.String ? code.GetString()
        : error.GetProperty("type").GetString();

    private static string TextOf(JsonElement json)
    {
        if (json.TryGetProperty("choices", out var choices) && choices.GetArrayLength() > 0)
        {
            var part = choices[0].TryGetProperty("delta", out var delta) ? delta : choices[0].GetProperty("message");
            return part.TryGetProperty("content", out var content) ? content.GetString() ?? "" : "";
        }

        if (json.TryGetProperty("delta", out var piece) && piece.TryGetProperty("text", out var text))
            return text.GetString()!;
        return json.TryGetProperty("content", out var blocks) && blocks.ValueKind == JsonValueKind.Array && blocks.GetArrayLength() > 0 ? blocks[0].GetProperty("text").GetString()! : "";
    }
}
