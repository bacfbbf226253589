using Gateway.Errors;
using Gateway.Pipeline;

namespace Gateway.Admission;

/// <summary>
/// Sheds what is too much, before any work is done for it: requests at once, beyond those that run and those that <see cref="FairQueue"/> lets wait, and bytes
/// of request bodies at once.
/// </summary>
internal sealed class OverloadStage : IStage
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

    public async ValueTask RunAsync(GatewayContext context, StageDelegate next)
    {
        var limits = context.Snapshot.Limits;
        // A body of undeclared length may become as large as the limit allows.
        var bytes = Math.Min(context.Client.BodyLength ?? limits.MaxRequestBytes, limits.MaxRequestBytes);
        var requestsNow = Interlocked.Increment(ref _requests);
        var bytesNow = Interlocked.Add(ref _bytes, bytes);
        try
        {
            if (requestsNow > (long)limits.MaxConcurrentRequests + limits.MaxQueuedRequests + Unknown)
                context.Error = Shed("requests are being served");
            else if (bytesNow > limits.MaxBytesInFlight && requestsNow > 1)
                context.Error = Shed("bytes of requests are in flight");
            else
                await next(context).ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Add(ref _bytes, -bytes);
            Interlocked.Decrement(ref _requests);
        }
    }

    private static GatewayError Shed(string what) =>
        new(ErrorKinds.Overloaded, $"The gateway is at its limit: too many {what}.") { RetryAfter = RetryAfter };
}
