using System.IO.Pipelines;
using Gateway.Pipeline;
using Gateway.Transport;

namespace Gateway.Routing.Attempts;

/// <summary>The client's side of a relayed stream: starts the reply with the gateway's headers, and notes when content began.</summary>
/// <param name="context">The request.</param>
/// <param name="attempt">The attempt that streams.</param>
/// <param name="contentType">What is streamed; events of the client's dialect when null.</param>
internal sealed class ClientStream(GatewayContext context, Attempt attempt, string? contentType = null) : IStreamSink
{
    public bool HasStarted => context.Client.HasStarted;

    public PipeWriter Body => context.Client.Body;

    public SemaphoreSlim Writing { get; } = attempt.Runner?.Writing ?? new SemaphoreSlim(1, 1);

    public ReadOnlyMemory<byte> KeepAlive => attempt.Runner is { MaySpeak: false } ? default : context.Dialect.KeepAlive;

    public ValueTask StartAsync()
    {
        var client = context.Client;
        client.SetStatus(200);
        client.SetHeader("Content-Type", contentType ?? context.Dialect.StreamContentType);
        client.SetHeader("Cache-Control", "no-cache");
        client.SetHeader("X-Accel-Buffering", "no"); // nginx would otherwise hold events back
        ReplyHeaders.Write(context);
        return client.StartAsync();
    }

    public bool TryCommit()
    {
        if (attempt.Runner is { } runner)
        {
            if (!runner.TryWin())
                return false;
            context.Keep(attempt);
        }

        context.Rescue?.Commit(attempt);
        var now = context.Time.GetTimestamp();
        attempt.FirstContentAt = now;
        if (context.FirstContentAt == 0)
            context.FirstContentAt = now;
        attempt.Target.State.Answered(now, context.Time.GetElapsedTime(attempt.Began, now));
        return true;
    }
}
