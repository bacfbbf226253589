using System.Net;
using System.Net.Sockets;

namespace Gateway.Transport;

/// <summary>
/// Fetches what a client names by address. A client could name anything, so: only http and https on their own ports, only addresses of the
/// public internet (decided on the very address that is connected to, so that a name can't resolve to something else afterwards), no
/// credentials, few redirects that are each checked again, and limits on size and time.
/// </summary>
internal sealed class MediaFetcher : IDisposable
{
    /// <summary>Largest body, in bytes: what the strictest of the big providers takes of one request.</summary>
    public const int MaxBytes = 20 * 1024 * 1024;

    private const int MaxRedirects = 3;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private readonly HttpMessageInvoker _client;
    private readonly Func<IPAddress, bool> _allows;
    private readonly bool _anyPort;

    /// <summary>A fetcher for the public internet.</summary>
    public MediaFetcher()
        : this(PublicAddress.Is, anyPort: false)
    {
    }

    /// <summary>A fetcher with rules of its own, for tests.</summary>
    internal MediaFetcher(Func<IPAddress, bool> allows, bool anyPort)
    {
        _allows = allows;
        _anyPort = anyPort;
        _client = new HttpMessageInvoker(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false, // a proxy would resolve the name itself
            UseCookies = false,
            ActivityHeadersPropagator = null,
            MaxResponseHeadersLength = 32,
            ConnectTimeout = TimeSpan.FromSeconds(5),
            PooledConnectionLifetime = TimeSpan.FromMinutes(1),
            ConnectCallback = ConnectAsync,
        });
    }

    /// <summary>Fetches a body whole.</summary>
    /// <returns>Its media type without parameters (null when the server names none) and its bytes.</returns>
    /// <exception cref="MediaFetchException">It can't be had; the message says why.</exception>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public async ValueTask<(string? MediaType, byte[] Data)> FetchAsync(string url, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Limit);
        try
        {
            var address = Check(url);
            for (var hop = 0; hop <= MaxRedirects; hop++)
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, address);
                using var response = await _client.SendAsync(request, limit.Token).ConfigureAwait(false);
                if ((int)response.StatusCode is 301 or 302 or 303 or 307 or 308 && response.Headers.Location is { } next)
                {
                    address = Check(new Uri(address, next).AbsoluteUri);
                    continue;
                }

                if (response.StatusCode != HttpStatusCode.OK)
                    throw new MediaFetchException($"its server answered {(int)response.StatusCode}.");
                return (response.Content.Headers.ContentType?.MediaType, await ReadAsync(response.Content, limit.Token).ConfigureAwait(false));
            }

            throw new MediaFetchException($"it redirects more than {MaxRedirects} times.");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new MediaFetchException($"it took longer than {Limit.TotalSeconds} s.");
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw e.InnerException as MediaFetchException ?? new MediaFetchException("its server could not be reached.");
        }
    }

    public void Dispose() => _client.Dispose();

    private Uri Check(string url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
            throw new MediaFetchException("only http and https addresses are fetched.");
        if (address.UserInfo.Length > 0)
            throw new MediaFetchException("addresses with a user name are not fetched.");
        if (!address.IsDefaultPort && !_anyPort)
            throw new MediaFetchException("only the standard ports are fetched from.");
        return address;
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var addresses = IPAddress.TryParse(context.DnsEndPoint.Host, out var literal)
            ? [literal]
            : await Dns.GetHostAddressesAsync(context.DnsEndPoint.Host, cancellation).ConfigureAwait(false);
        // All must be allowed: a name that also points inside is not to be trusted with a race.
        if (addresses.Length == 0 || !addresses.All(_allows))
            throw new MediaFetchException("it is not an address of the public internet.");
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, context.DnsEndPoint.Port, cancellation).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static async ValueTask<byte[]> ReadAsync(HttpContent content, CancellationToken cancellation)
    {
        if (content.Headers.ContentLength > MaxBytes)
            throw TooLarge();
        var stream = await content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        using var body = new PooledBuffer((int)(content.Headers.ContentLength ?? 64 * 1024) + 1);
        int read;
        while ((read = await stream.ReadAsync(body.GetMemory(), cancellation).ConfigureAwait(false)) > 0)
        {
            body.Advance(read);
            if (body.Length > MaxBytes)
                throw TooLarge();
        }

        return body.WrittenSpan.ToArray();
    }

    private static MediaFetchException TooLarge() => new($"it is larger than {MaxBytes / (1024 * 1024)} MB.");
}
