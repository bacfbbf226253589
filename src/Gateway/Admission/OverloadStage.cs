using Gateway.Errors;
using Gateway.Pipeline;

namespace Gateway.Admission;

/// <summary>Sheds what is too much, before any work is done for it: requests at once, and bytes of request bodies at once.</summary>
internal sealed class OverloadStage : IStage
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private int _requests;
    private long _bytes;

    /// <summary>Requests being served now.</summary>
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
            if (requestsNow > limits.MaxConcurrentRequests)
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
