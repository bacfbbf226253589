using System.Text;
using Microsoft.AspNetCore.Http;

namespace Gateway.Tests.Testing;

/// <summary>One request a <see cref="ScriptedUpstream"/> received, and what became of it.</summary>
internal sealed class UpstreamExchange
{
    private readonly TaskCompletionSource _clientGone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal UpstreamExchange(HttpContext context, byte[] body, DateTimeOffset arrivedAt)
    {
        Context = context;
        Method = context.Request.Method;
        Target = context.Request.Path + context.Request.QueryString;
        Body = body;
        ArrivedAt = arrivedAt;

        // Kestrel reuses its own collection for the connection's next request.
        var headers = new HeaderDictionary();
        foreach (var (name, value) in context.Request.Headers)
            headers[name] = value;
        Headers = headers;
        context.RequestAborted.Register(_clientGone.SetResult);
    }

    /// <summary>The method.</summary>
    public string Method { get; }

    /// <summary>Path and query.</summary>
    public string Target { get; }

    /// <summary>The headers, as received.</summary>
    public IHeaderDictionary Headers { get; }

    /// <summary>The body's exact bytes.</summary>
    public byte[] Body { get; }

    /// <summary>The body as UTF-8 text.</summary>
    public string BodyText => Encoding.UTF8.GetString(Body);

    /// <summary>When the whole request had been read.</summary>
    public DateTimeOffset ArrivedAt { get; }

    /// <summary>Completes when the connection is lost before the script has ended, also by the script's own abort.</summary>
    public Task ClientGone => _clientGone.Task;

    /// <summary>Completes when the script has ended, however it ended.</summary>
    public Task Finished => _finished.Task;

    /// <summary>For handlers that need more than scripts offer; valid until the script ends.</summary>
    public HttpContext Context { get; }

    internal void Finish() => _finished.TrySetResult();
}
