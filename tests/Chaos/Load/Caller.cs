using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace Chaos.Load;

/// <summary>Sends chat completions and judges what comes back.</summary>
internal sealed partial class Caller : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { PooledConnectionIdleTimeout = TimeSpan.FromSeconds(5) }) { Timeout = TimeSpan.FromMinutes(1) };
    private long _number;

    /// <summary>Asks once.</summary>
    /// <param name="address">The gateway.</param>
    /// <param name="key">The virtual key.</param>
    /// <param name="stream">Whether the answer is streamed.</param>
    /// <param name="text">What is said.</param>
    /// <param name="output">Output tokens at most.</param>
    /// <param name="model">The model.</param>
    /// <param name="leaves">When the client hangs up.</param>
    public async Task<Reply> AskAsync(
        Uri address, string key, bool stream, string text, int output, string model = "simulator/echo", CancellationToken leaves = default)
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"chaos-{GetHashCode():x}-{Interlocked.Increment(ref _number)}");
        var options = stream ? """, "stream": true, "stream_options": { "include_usage": true }""" : "";
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(address, "/v1/chat/completions"))
        {
            Content = new StringContent(
                $$"""{ "model": "{{model}}", "max_tokens": {{output}}{{options}}, "messages": [{ "role": "user", "content": "{{text}}" }] }""", Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        request.Headers.Add("x-request-id", id);
        var began = Stopwatch.GetTimestamp();
        var (body, status) = (new StringBuilder(), 0);
        try
        {
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, leaves);
            status = (int)response.StatusCode;
            await ReadAsync(response, body, leaves);
            return Judge(id, stream, status, body.ToString(), Stopwatch.GetElapsedTime(began));
        }
        catch (Exception e) when (e is HttpRequestException or IOException or SocketException or OperationCanceledException)
        {
            var kind = leaves.IsCancellationRequested ? ReplyKind.Left
                : e is HttpRequestException { InnerException: SocketException { SocketErrorCode: SocketError.ConnectionRefused } } ? ReplyKind.Unreached
                : ReplyKind.Cut;
            return new Reply(id, kind, status, null, Stopwatch.GetElapsedTime(began), body.ToString());
        }
    }

    public void Dispose() => _http.Dispose();

    private static async Task ReadAsync(HttpResponseMessage response, StringBuilder body, CancellationToken leaves)
    {
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(leaves));
        var buffer = new char[4096];
        int read;
        while ((read = await reader.ReadAsync(buffer, leaves)) > 0)
            body.Append(buffer, 0, read);
    }

    private static Reply Judge(string id, bool stream, int status, string body, TimeSpan took)
    {
        var code = ErrorCode().Match(body) is { Success: true } match ? match.Groups[1].Value : "";
        var kind = (status, code) switch
        {
            (200, "") when !stream || body.Contains("data: [DONE]", StringComparison.Ordinal) => ReplyKind.Ok,
            (402, "budget_exhausted") => ReplyKind.Exhausted,
            (429, "budget_contended") => ReplyKind.Contended,
            (429, "rate_limited") => ReplyKind.RateLimited,
            (503, "limits_unavailable") => ReplyKind.Unavailable,
            (401 or 403, _) => ReplyKind.KeyRefused,
            _ => ReplyKind.Other,
        };
        return new Reply(id, kind, status, kind == ReplyKind.Ok ? Tokens(body) : null, took, body);
    }

    private static long? Tokens(string body)
    {
        var (input, output) = (Input().Matches(body), Output().Matches(body));
        return input.Count == 0 || output.Count == 0 ? null : Number(input[^1]) + Number(output[^1]);
    }

    private static long Number(Match match) => long.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex("\"code\":\\s*\"([a-z_]+)\"")]
    private static partial Regex ErrorCode();

    [GeneratedRegex("\"prompt_tokens\":\\s*(\\d+)")]
    private static partial Regex Input();

    [GeneratedRegex("\"completion_tokens\":\\s*(\\d+)")]
    private static partial Regex Output();
}
