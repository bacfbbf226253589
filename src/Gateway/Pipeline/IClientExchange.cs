using System.IO.Pipelines;
using System.Net;
using Gateway.Admission;
using Gateway.Transport;

namespace Gateway.Pipeline;

/// <summary>The client's side of one exchange, as the host provides it.</summary>
internal interface IClientExchange
{
    /// <summary>Cancelled when the client goes away.</summary>
    CancellationToken Gone { get; }

    /// <summary>A place on the client's connection where admission keeps the hash of the key it saw last; null when connections can't be told apart.</summary>
    KeyHashMemo? KeyMemo { get; }

    /// <summary>Where the client is, as far as the proxies in between can be trusted; null when it can't be known.</summary>
    IPAddress? RemoteAddress { get; }

    /// <summary>A request header's value (the first, when repeated), or null.</summary>
    string? Header(string name);

    /// <summary>A query parameter's value (the first, when repeated), or null.</summary>
    string? Query(string name);

    /// <summary>The declared length of the request body in bytes, or null when it is not declared.</summary>
    long? BodyLength { get; }

    /// <summary>Reads the whole request body into one pooled buffer.</summary>
    /// <returns>The body, owned by the caller; or null when it is larger than <paramref name="maxBytes"/>.</returns>
    ValueTask<PooledBuffer?> ReadBodyAsync(long maxBytes);

    /// <summary>The request body as it arrives, for those who don't call <see cref="ReadBodyAsync"/>. Reading it throws <see cref="IOException"/> when it breaks off.</summary>
    Stream RequestBody { get; }

    /// <summary>Whether status and headers have gone out.</summary>
    bool HasStarted { get; }

    /// <summary>Sets the status; only before the start.</summary>
    void SetStatus(int status);

    /// <summary>Sets a reply header; only before the start.</summary>
    void SetHeader(string name, string value);

    /// <summary>Says how long the reply's body will be, in bytes; only before the start.</summary>
    void SetLength(long bytes);

    /// <summary>Sends status and headers.</summary>
    ValueTask StartAsync();

    /// <summary>The reply body.</summary>
    PipeWriter Body { get; }

    /// <summary>Ends the reply properly; the client then has all of it.</summary>
    ValueTask CompleteAsync();

    /// <summary>Ends the reply so that the client can tell it is not whole: what was written still arrives, the proper end does not.</summary>
    void Break();
}
