using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using Gateway.Admission;
using Gateway.Configuration;
using Gateway.Pipeline;
using Gateway.Transport;
using Microsoft.AspNetCore.Connections.Features;

namespace GatewayApi.Hosting;

/// <summary>One ASP.NET exchange as the library sees it.</summary>
internal class HttpClientExchange(HttpContext http) : IClientExchange
{
    private static readonly object MemoKey = new();

    // Kept, for they are asked for a dozen times each, and the server looks for them, or takes a lock, whenever they are.
    private readonly IHeaderDictionary _asked = http.Request.Headers;
    private readonly IHeaderDictionary _replied = http.Response.Headers;

    /// <summary>Whether the reply must end as not whole; the endpoint sees to it.</summary>
    public bool IsBroken { get; private set; }

    public CancellationToken Gone { get; } = http.RequestAborted;

    public KeyHashMemo? KeyMemo
    {
        get
        {
            // By the type as a value: a type argument makes a call that the runtime resolves each time.
            if (http.Features[typeof(IConnectionItemsFeature)] is not IConnectionItemsFeature { Items: var items })
                return null;
            if (items.TryGetValue(MemoKey, out var kept))
                return (KeyHashMemo?)kept;
            var memo = new KeyHashMemo();
            lock (items) // requests of one HTTP/2 connection run at the same time
                items[MemoKey] = memo;
            return memo;
        }
    }

    // Asked only for keys that are bound to networks.
    public IPAddress? RemoteAddress => ClientAddress.Find(
        http.Connection.RemoteIpAddress, _asked["X-Forwarded-For"].ToString(), http.RequestServices.GetRequiredService<GatewayConfig>().Server.TrustedProxies);

    public virtual long? BodyLength => _asked.ContentLength;

    public Stream RequestBody => http.Request.Body;

    public bool HasStarted => http.Response.HasStarted;

    public PipeWriter Body => http.Response.BodyWriter;

    public virtual string? Header(string name)
    {
        var values = _asked[name];
        return values.Count == 0 ? null : values[0];
    }

    public virtual string? Query(string name)
    {
        var values = http.Request.Query[name];
        return values.Count == 0 ? null : values[0];
    }

    public ValueTask<PooledBuffer?> ReadBodyAsync(long maxBytes)
    {
        var declared = _asked.ContentLength;
        if (declared > maxBytes)
            return new ValueTask<PooledBuffer?>(default(PooledBuffer));
        var reader = http.Request.BodyReader;
        if (declared is not { } length)
            return ReadUndeclaredAsync(reader, maxBytes);
        var isHere = reader.TryRead(out var read); // as a small body mostly is, for it comes with its headers
        var body = new PooledBuffer(Math.Max(1, (int)length));
        return isHere && Take(reader, read, body) ? new ValueTask<PooledBuffer?>(body) : ReadDeclaredAsync(reader, body);
    }

    public void SetStatus(int status) => http.Response.StatusCode = status;

    public void SetHeader(string name, string value) => _replied[name] = value;

    // As a number: text would be read as one, to be written as text again.
    public void SetLength(long bytes) => _replied.ContentLength = bytes;

    public ValueTask StartAsync() => new(http.Response.StartAsync(Gone));

    public ValueTask CompleteAsync() => new(http.Response.CompleteAsync());

    public void Break() => IsBroken = true;

    /// <summary>Takes what has come; true when that was the end.</summary>
    private static bool Take(PipeReader reader, in ReadResult read, PooledBuffer body)
    {
        foreach (var segment in read.Buffer)
            body.Append(segment.Span);
        reader.AdvanceTo(read.Buffer.End);
        return read.IsCompleted;
    }

    /// <summary>Reads on to the end.</summary>
    private async ValueTask<PooledBuffer?> ReadDeclaredAsync(PipeReader reader, PooledBuffer body)
    {
        try
        {
            while (!Take(reader, await reader.ReadAsync(Gone), body))
            {
                // More is to come.
            }

            return body;
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    /// <summary>Lets the bytes gather where they arrived, so that they are copied once, into an array of the right size.</summary>
    private async ValueTask<PooledBuffer?> ReadUndeclaredAsync(PipeReader reader, long maxBytes)
    {
        while (true)
        {
            var read = await reader.ReadAsync(Gone);
            if (read.Buffer.Length > maxBytes)
            {
                reader.AdvanceTo(read.Buffer.End);
                return null;
            }

            if (!read.IsCompleted)
            {
                reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                continue;
            }

            var body = new PooledBuffer(Math.Max(1, (int)read.Buffer.Length));
            Take(reader, read, body);
            return body;
        }
    }
}
