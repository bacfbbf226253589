using System.Globalization;
using System.Text.Json;
using Gateway.Admission.Roles;
using Gateway.Errors;
using GatewayApi.Hosting;

namespace GatewayApi.Endpoints.Admin;

/// <summary>One call of the admin API by somebody who may make it.</summary>
/// <param name="http">The exchange.</param>
/// <param name="grant">Who calls, and how far that reaches.</param>
internal sealed class AdminCall(HttpContext http, Grant grant)
{
    /// <summary>The most entries of a page.</summary>
    public const int MostOfPage = 200;

    /// <summary>The parameters of pages.</summary>
    public static readonly EndpointParameter[] Paging =
    [
        new("limit", $"Entries of a page, 1 to {MostOfPage}; 100 when missing."),
        new("cursor", "Where the next page begins: next_cursor of the one before."),
    ];

    /// <summary>The parameter of changes.</summary>
    public static readonly EndpointParameter DryRunParameter = new("dryRun", "true: answers what would be, and changes nothing.", Values: ["true", "false"]);

    private const int MostBytes = 256 * 1024;
    private const int Usual = 100;

    /// <summary>The exchange.</summary>
    public HttpContext Http => http;

    /// <summary>Who calls, and how far that reaches.</summary>
    public Grant Grant => grant;

    /// <summary>Gives up.</summary>
    public CancellationToken Cancellation => http.RequestAborted;

    /// <summary>The id in the path.</summary>
    public string Id => (string)http.GetRouteValue("id")!;

    /// <summary>Whether only to say what would be.</summary>
    /// <exception cref="ProblemException">It is neither true nor false.</exception>
    public bool DryRun => Query("dryRun") switch
    {
        null or "false" => false,
        "true" => true,
        _ => throw AdminEndpoint.Invalid("dryRun", "'dryRun' must be true or false."),
    };

    /// <summary>Entries of a page.</summary>
    /// <exception cref="ProblemException">It is out of range.</exception>
    public int Limit => Query("limit") is not { } text ? Usual
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit is >= 1 and <= MostOfPage ? limit
        : throw AdminEndpoint.Invalid("limit", $"'limit' must be a number from 1 to {MostOfPage}.");

    /// <summary>A query parameter, or null.</summary>
    public string? Query(string name) => http.Request.Query[name] is { Count: > 0 } values ? values[0] : null;

    /// <summary>The JSON of the body.</summary>
    /// <exception cref="ProblemException">It is no JSON by its type, or too large.</exception>
    public async Task<ReadOnlyMemory<byte>> ReadBodyAsync()
    {
        var type = http.Request.ContentType?.Split(';')[0].Trim();
        if (!string.Equals(type, "application/json", StringComparison.OrdinalIgnoreCase) || http.Request.Headers.ContentEncoding.Count > 0)
            throw new ProblemException(new GatewayError(ErrorKinds.UnsupportedMediaType, "The body must be uncompressed JSON; say 'Content-Type: application/json'."));
        using var body = await new HttpClientExchange(http).ReadBodyAsync(MostBytes)
            ?? throw new ProblemException(new GatewayError(ErrorKinds.BodyTooLarge, $"The body is larger than {MostBytes} bytes."));
        return body.WrittenSpan.ToArray();
    }

    /// <summary>Whether there is a body at all.</summary>
    public bool HasBody => http.Request.ContentLength > 0 || http.Request.Headers.TransferEncoding.Count > 0;

    /// <summary>Answers with a JSON object.</summary>
    public async Task WriteAsync(int status, Action<Utf8JsonWriter> members)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(http.Response.BodyWriter);
        json.WriteStartObject();
        members(json);
        json.WriteEndObject();
    }

    /// <summary>Answers with a page.</summary>
    /// <param name="entries">The page's entries, and one more where there is a next page.</param>
    /// <param name="limit">Entries of the page.</param>
    /// <param name="cursor">Where the page after an entry begins.</param>
    /// <param name="write">Writes an entry.</param>
    public Task WritePageAsync<T>(IReadOnlyList<T> entries, int limit, Func<T, string> cursor, Action<Utf8JsonWriter, T> write) => WriteAsync(200, json =>
    {
        json.WriteStartArray("data"u8);
        foreach (var entry in entries.Take(limit))
            write(json, entry);
        json.WriteEndArray();
        json.WriteString("next_cursor"u8, entries.Count > limit ? cursor(entries[limit - 1]) : null);
    });
}
