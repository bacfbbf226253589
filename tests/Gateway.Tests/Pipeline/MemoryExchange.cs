using System.IO.Pipelines;
using System.Text;
using Gateway.Pipeline;
using Gateway.Transport;

namespace Gateway.Tests.Pipeline;

/// <summary>A client in memory. Reusable, so that what a request allocates can be measured without it.</summary>
internal sealed class MemoryExchange : IClientExchange, IDisposable
{
    public Gateway.Admission.KeyHashMemo? KeyMemo => null;

    public System.Net.IPAddress? RemoteAddress { get; set; }

    private readonly Dictionary<string, string> _requestHeaders = new(StringComparer.OrdinalIgnoreCase) { ["Authorization"] = "Bearer " + PipelineRig.Key };
    private readonly CancellationTokenSource _gone = new();
    private readonly MemoryStream _sent = new();
    private PipeWriter _body;

    public MemoryExchange() => _body = PipeWriter.Create(_sent, new StreamPipeWriterOptions(leaveOpen: true));

    /// <summary>What the client sends.</summary>
    public byte[] RequestBody { get; set; } = [];

    /// <summary>What it gets.</summary>
    public byte[] Sent => _sent.ToArray();

    /// <inheritdoc cref="Sent"/>
    public string SentText => Encoding.UTF8.GetString(Sent);

    public int Status { get; private set; }

    public Dictionary<string, string> ReplyHeaders { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether the reply ended properly.</summary>
    public bool IsCompleted { get; private set; }

    /// <summary>Whether the reply ended as not whole.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Thrown instead of ending the reply properly.</summary>
    public Exception? FailCompletion { get; set; }

    /// <summary>Thrown instead of giving the request's body.</summary>
    public Exception? FailBody { get; set; }

    Stream IClientExchange.RequestBody => new MemoryStream(RequestBody);

    public CancellationToken Gone => _gone.Token;

    public long? BodyLength => RequestBody.Length;

    public bool HasStarted { get; private set; }

    public PipeWriter Body => _body;

    /// <summary>Sets a request header.</summary>
    public MemoryExchange With(string name, string value)
    {
        _requestHeaders[name] = value;
        return this;
    }

    /// <summary>The client goes away.</summary>
    public void Leave() => _gone.Cancel();

    /// <summary>Ready for another request.</summary>
    public void Reset()
    {
        _sent.SetLength(0);
        _body = PipeWriter.Create(_sent, new StreamPipeWriterOptions(leaveOpen: true));
        (HasStarted, IsCompleted, IsBroken) = (false, false, false);
    }

    /// <summary>How often a header was asked for.</summary>
    public int HeaderReads { get; private set; }

    public string? Header(string name)
    {
        HeaderReads++;
        return _requestHeaders.GetValueOrDefault(name);
    }

    public string? Query(string name) => null;

    public ValueTask<PooledBuffer?> ReadBodyAsync(long maxBytes)
    {
        if (FailBody is { } failure)
            return ValueTask.FromException<PooledBuffer?>(failure);
        if (RequestBody.Length > maxBytes)
            return ValueTask.FromResult<PooledBuffer?>(null);
        var body = new PooledBuffer(Math.Max(1, RequestBody.Length));
        body.Append(RequestBody);
        return ValueTask.FromResult<PooledBuffer?>(body);
    }

    public void SetStatus(int status) => Status = status;

    public void SetHeader(string name, string value) => ReplyHeaders[name] = value;

    public void SetLength(long bytes) => ReplyHeaders["Content-Length"] = bytes.ToString(System.Globalization.CultureInfo.InvariantCulture);

    public ValueTask StartAsync()
    {
        HasStarted = true;
        return ValueTask.CompletedTask;
    }

    public async ValueTask CompleteAsync()
    {
        if (FailCompletion is { } failure)
            throw failure;
        await _body.FlushAsync();
        IsCompleted = true;
    }

    public void Break() => IsBroken = true;

    public void Dispose()
    {
        _gone.Dispose();
        _sent.Dispose();
    }
}
