using System.Net;
using Gateway.Transport;

namespace Gateway.Providers.Credentials;

/// <summary>Calls to credential endpoints: bounded, without redirects, and to those of this machine never through a proxy.</summary>
internal static class CredentialHttp
{
    private const int LargestReply = 64 * 1024;
    private const int Tries = 2;

    private static readonly Lazy<HttpMessageInvoker> Local = new(() => Create(useProxy: false));
    private static readonly Lazy<HttpMessageInvoker> Remote = new(() => Create(useProxy: true));

    /// <summary>Sends a request; one that failed without an answer, or with 5xx, once more.</summary>
    /// <param name="origin">Whom errors name.</param>
    /// <param name="local">True for endpoints of this machine or its host.</param>
    /// <param name="create">Makes the request.</param>
    /// <param name="limit">Limit on each try.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The body of an answer with status 2xx.</returns>
    /// <exception cref="CredentialException">There was no such answer. Its text has the status and nothing of the body.</exception>
    public static async Task<byte[]> SendAsync(
        CredentialOrigin origin, bool local, Func<HttpRequestMessage> create, TimeSpan limit, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            using var timeout = new CancellationTokenSource(limit);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellation);
            try
            {
                using var request = create();
                using var response = await (local ? Local : Remote).Value.SendAsync(request, both.Token).ConfigureAwait(false);
                if (response.IsSuccessStatusCode)
                    return await ReadAsync(origin, response, both.Token).ConfigureAwait(false);
                if ((int)response.StatusCode < 500 || attempt == Tries)
                    throw origin.Failed($"answered {(int)response.StatusCode}");
            }
            catch (HttpRequestException e) when (attempt == Tries)
            {
                throw origin.Failed($"could not be reached ({e.HttpRequestError})");
            }
            catch (OperationCanceledException) when (timeout.IsCancellationRequested && !cancellation.IsCancellationRequested && attempt == Tries)
            {
                throw origin.Failed($"did not answer within {limit.TotalSeconds:0.###} s");
            }
            catch (IOException) when (attempt == Tries)
            {
                throw origin.Failed("broke off in the middle of its answer");
            }
            catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
            {
                // Once more.
            }
        }
    }

    /// <summary>Whether plain http to a host stays on this machine.</summary>
    public static bool IsLoopback(Uri uri) =>
        uri.Host == "localhost" || (IPAddress.TryParse(uri.Host.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(ip));

    private static async Task<byte[]> ReadAsync(CredentialOrigin origin, HttpResponseMessage response, CancellationToken cancellation)
    {
        using var body = new PooledBuffer(4096);
        var stream = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        int read;
        while ((read = await stream.ReadAsync(body.GetMemory(), cancellation).ConfigureAwait(false)) > 0)
        {
            body.Advance(read);
            if (body.Length > LargestReply)
                throw origin.Failed($"answered more than {LargestReply / 1024} KiB");
        }

        return body.WrittenSpan.ToArray();
    }

    private static HttpMessageInvoker Create(bool useProxy) => new(
        new SocketsHttpHandler
        {
            AllowAutoRedirect = false, // a redirect could carry a token elsewhere
            UseCookies = false,
            UseProxy = useProxy,
            ActivityHeadersPropagator = null,
            ConnectTimeout = TimeSpan.FromSeconds(5),
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(5), // asked once in an hour
        });
}
