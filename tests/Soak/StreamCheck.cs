using System.Globalization;
using System.Text;
using System.Text.Json;
using FaultUpstream;

namespace Soak;

/// <summary>Asks for one stream and reads it as a strict client does.</summary>
internal static class StreamCheck
{
    /// <summary>Longer than every limit of the route together.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    /// <summary>Asks.</summary>
    /// <param name="client">The gateway's client.</param>
    /// <param name="model">The route.</param>
    /// <param name="tag">What the words begin with: nobody else's do.</param>
    /// <param name="words">How many there are to be.</param>
    /// <param name="leavesAfter">After how many words the client leaves; null: it stays.</param>
    public static async Task<(StreamEnd End, string? Code)> AskAsync(HttpClient client, string model, string tag, int words, int? leavesAfter)
    {
        using var limit = new CancellationTokenSource(Patience);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
        {
            Content = new StringContent(
                $$"""{"model":"{{model}}","stream":true,"messages":[{"role":"user","content":"say {{tag}} {{words.ToString(CultureInfo.InvariantCulture)}}"}]}""", Encoding.UTF8, "application/json"),
        };
        try
        {
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            if (!response.IsSuccessStatusCode)
                return (StreamEnd.Refused, CodeOf(await response.Content.ReadAsStringAsync(limit.Token)));
            return await ReadAsync(response, Answer.WordsOf(tag, words), leavesAfter, limit.Token);
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            return (StreamEnd.Lost, e.Message);
        }
    }

    private static async Task<(StreamEnd, string?)> ReadAsync(HttpResponseMessage response, string[] expected, int? leavesAfter, CancellationToken cancellation)
    {
        var (heard, code, isEnded) = (0, (string?)null, false);
        try
        {
            using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancellation));
            while (await reader.ReadLineAsync(cancellation) is { } line)
            {
                if (!line.StartsWith("data: ", StringComparison.Ordinal))
                    continue;
                if (line == "data: [DONE]")
                {
                    isEnded = true;
                    continue;
                }

                using var json = JsonDocument.Parse(line.AsMemory(6));
                code ??= ErrorOf(json.RootElement);
                if (TextOf(json.RootElement) is not { Length: > 0 } text)
                    continue;
                if (heard == expected.Length || text != expected[heard++])
                    return (StreamEnd.Foreign, text);
                if (heard == leavesAfter)
                    return (StreamEnd.Left, null);
            }
        }
        catch (IOException)
        {
            // As a stream ends whose error has been told: without a proper end.
        }

        return (isEnded, code) switch
        {
            (true, null) when heard == expected.Length => (StreamEnd.Whole, null),
            (false, not null) => (StreamEnd.Broken, code),
            _ => (StreamEnd.Truncated, string.Create(CultureInfo.InvariantCulture, $"{heard} of {expected.Length} words, ended: {isEnded}, {code}")),
        };
    }

    private static string CodeOf(string body)
    {
        using var json = JsonDocument.Parse(body);
        return ErrorOf(json.RootElement) ?? "";
    }

    private static string? ErrorOf(JsonElement json) => json.TryGetProperty("error", out var error) ? error.GetProperty("code").GetString() : null;

    private static string? TextOf(JsonElement json) =>
        json.TryGetProperty("choices", out var choices) && choices.GetArrayLength() > 0 && choices[0].GetProperty("delta").TryGetProperty("content", out var content) ? content.GetString() : null;
}
