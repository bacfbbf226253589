using Gateway.Errors;
using Gateway.Pipeline;

namespace Gateway.Admission;

/// <summary>
/// Sheds what is too much, before any work is done for it: requests at once, beyond those that run and those that <see cref="FairQueue"/> lets wait, and bytes
/// of request bodies at once.
/// </summary>
internal sealed class OverloadStage : IClosingStage
{
    /// <summary>Requests of which it is not known yet who sent them, beside those that run and wait.</summary>
    private const int Unknown = 1_000;

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private int _requests;
    private long _bytes;

    /// <summary>Requests here now, waiting ones among them.</summary>
    public int Requests => Volatile.Read(ref _requests);

    /// <summary>Bytes of request bodies held now.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    public ValueTask RunAsync(GatewayContext context, StageDelegate next)
    {
        var limits = context.Snapshot.Limits;
        context.CloseWith(this);
        var requestsNow = Interlocked.Increment(ref _requests);
        var bytesNow = Interlocked.Add(ref _bytes, BytesOf(context));
        if (requestsNow > (long)limits.MaxConcurrentRequests + limits.MaxQueuedRequests + Unknown)
            context.Error = Shed("requests are being served");
        else if (bytesNow > limits.MaxBytesInFlight && requestsNow > 1)
            context.Error = Shed("bytes of requests are in flight");
        else
            return next(context);
        return ValueTask.CompletedTask;
    }

    public void Close(GatewayContext context)
    {
        Interlocked.Add(ref _bytes, -BytesOf(context));
        Interlocked.Decrement(ref _requests);
    }

    /// <summary>What is held for a request: its body as declared; one of undeclared length may become as large as the limit allows.</summary>
    private static long BytesOf(GatewayContext context) =>
        Math.Min(context.Client.BodyLength ?? context.Snapshot.Limits.MaxRequestBytes, context.Snapshot.Limits.MaxRequestBytes);

    private static GatewayError Shed(string what) =>
        new(ErrorKinds.Overloaded, $"The gateway is at its limit: too many {what}.") { RetryAfter = RetryAfter };
}
