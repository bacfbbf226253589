using System.Net;
using Microsoft.Azure.Functions.Worker.Http;

namespace Functions.Http;

/// <summary>Bodies in and out.</summary>
internal static class Replies
{
    /// <summary>The whole body. The host refuses what is larger than 100 MB; the sidecar sends 4 MiB at most.</summary>
    public static async Task<byte[]> ReadAsync(HttpRequestData request, CancellationToken cancellation)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, cancellation);
        return body.ToArray();
    }

    /// <summary>An answer in JSON.</summary>
    public static async Task<HttpResponseData> JsonAsync(HttpRequestData request, int status, byte[] json, CancellationToken cancellation)
    {
        var response = request.CreateResponse((HttpStatusCode)status);
        response.Headers.Add("Content-Type", "application/json");
        await response.Body.WriteAsync(json, cancellation);
        return response;
    }
}
