using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Gateway.Tests.Testing;

namespace Gateway.Tests.Surfaces;

/// <summary>One reply of the gateway as it came over the wire, to its end, however it ended.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Headers">Reply headers.</param>
/// <param name="Text">The body, as far as it came.</param>
/// <param name="IsProperEnd">Whether HTTP says that the body is whole.</param>
internal sealed record RawReply(int Status, HttpResponseHeaders Headers, string Text, bool IsProperEnd)
{
    /// <summary>The data of every event.</summary>
    public List<string> Data { get; } =
        [.. Text.Split('\n').Where(line => line.StartsWith("data: ", StringComparison.Ordinal)).Select(line => line[6..])];

    /// <summary>Whether the stream ended with OpenAI's sentinel.</summary>
    public bool HasDone => Text.Contains("[DONE]", StringComparison.Ordinal);

    /// <summary>The body as JSON.</summary>
    public JsonElement Json => JsonDocument.Parse(Text).RootElement;

    /// <summary>The code of the error that the body, or the last event of the stream, is; null when it is none.</summary>
    public string? ErrorCode
    {
        get
        {
            var json = JsonDocument.Parse(Data.Count > 0 ? Data[^1] : Text).RootElement;
            if (json.TryGetProperty("error", out var error))
                return error.GetProperty("code").GetString();
            if (json.TryGetProperty("requestId", out _))
                return json.GetProperty("code").GetString(); // of the admin API
            return json.TryGetProperty("type", out var type) && type.ValueEquals("error") ? json.GetProperty("code").GetString() : null;
        }
    }

    /// <summary>Posts JSON and reads the reply to its end.</summary>
    public static async Task<RawReply> PostAsync(GatewayHost gateway, string path, string json, CancellationToken cancellation = default) =>
        await ReadAsync(await gateway.PostAsync(path, json, cancellation), cancellation);

    /// <summary>Reads a reply to its end.</summary>
    public static async Task<RawReply> ReadAsync(HttpResponseMessage response, CancellationToken cancellation = default)
    {
        using var owned = response;
        using var bytes = new MemoryStream();
        var isProperEnd = true;
        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(cancellation);
            await body.CopyToAsync(bytes, cancellation);
        }
        catch (IOException)
        {
            isProperEnd = false;
        }

        return new RawReply((int)response.StatusCode, response.Headers, Encoding.UTF8.GetString(bytes.ToArray()), isProperEnd);
    }
}
