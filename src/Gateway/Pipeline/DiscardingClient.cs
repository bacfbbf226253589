using System.IO.Pipelines;
using System.Net;
using Gateway.Admission;
using Gateway.Transport;

namespace Gateway.Pipeline;

/// <summary>A client that nobody is: what it is sent goes nowhere.</summary>
/// <param name="headers">The headers of its request, names without regard to case.</param>
internal sealed class DiscardingClient(IReadOnlyDictionary<string, string> headers) : IClientExchange
{
    /// <summary>Cancelled when nobody is interested any more.</summary>
    public CancellationToken Gone { get; set; }

    public KeyHashMemo? KeyMemo => null;

    public IPAddress? RemoteAddress => null;

    public long? BodyLength => null;

    public Stream RequestBody => Stream.Null;

    public bool HasStarted { get; private set; }

    public PipeWriter Body { get; } = PipeWriter.Create(Stream.Null);

    public string? Header(string name) => headers.GetValueOrDefault(name);

    public string? Query(string name) => null;

    public ValueTask<PooledBuffer?> ReadBodyAsync(long maxBytes) => ValueTask.FromResult<PooledBuffer?>(new PooledBuffer(0));

    public void SetStatus(int status)
    {
        // Nobody looks.
    }

    public void SetHeader(string name, string value)
    {
        // Nobody looks.
    }

    public void SetLength(long bytes)
    {
        // Nobody looks.
    }

    public ValueTask StartAsync()
    {
        HasStarted = true;
        return ValueTask.CompletedTask;
    }

    public ValueTask CompleteAsync() => StartAsync();

    public void Break() => HasStarted = true;
}
