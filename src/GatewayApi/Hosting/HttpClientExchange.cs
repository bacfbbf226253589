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

    /// <summary>Whether the reply must end as not whole; the endpoint sees to it.</summary>
    public bool IsBroken { get; private set; }

    public CancellationToken Gone => http.RequestAborted;

    public KeyHashMemo? KeyMemo
    {
        get
        {
            if (http.Features.Get<IConnectionItemsFeature>()?.Items is not { } items)
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
        http.Connection.RemoteIpAddress, http.Request.Headers["X-Forwarded-For"].ToString(), http.RequestServices.GetRequiredService<GatewayConfig>().Server.TrustedProxies);

    public virtual long? BodyLength => http.Request.ContentLength;

    public Stream RequestBody => http.Request.Body;

    public bool HasStarted => http.Response.HasStarted;

    public PipeWriter Body => http.Response.BodyWriter;

    public virtual string? Header(string name)
    {
        var values = http.Request.Headers[name];
        return values.Count == 0 ? null : values[0];
    }

    public virtual string? Query(string name)
    {
        var values = http.Request.Query[name];
        return values.Count == 0 ? null : values[0];
    }

    public ValueTask<PooledBuffer?> ReadBodyAsync(long maxBytes)
    {
        var declared = http.Request.ContentLength;
        if (declared > maxBytes)
            return new ValueTask<PooledBuffer?>(default(PooledBuffer));
        var reader = http.Request.BodyReader;
        return declared is { } length ? ReadDeclaredAsync(reader, (int)length) : ReadUndeclaredAsync(reader, maxBytes);
    }

    public void SetStatus(int status) => http.Response.StatusCode = status;

    public void SetHeader(string name, string value) => http.Response.Headers[name] = value;

    public ValueTask StartAsync() => new(http.Response.StartAsync(http.RequestAborted));

    public ValueTask CompleteAsync() => new(http.Response.CompleteAsync());

    public void Break() => IsBroken = true;

    private async ValueTask<PooledBuffer?> ReadDeclaredAsync(PipeReader reader, int length)
    {
        var body = new PooledBuffer(Math.Max(1, length));
        try
        {
            while (true)
            {
                var read = await reader.ReadAsync(http.RequestAborted);
                foreach (var segment in read.Buffer)
                    body.Append(segment.Span);
                reader.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted)
                    return body;
            }
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
            var read = await reader.ReadAsync(http.RequestAborted);
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
            foreach (var segment in read.Buffer)
                body.Append(segment.Span);
            reader.AdvanceTo(read.Buffer.End);
            return body;
        }
    }
}
