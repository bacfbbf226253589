using Dapr;
using Grpc.Core;

namespace Gateway.State.Dapr;

/// <summary>Makes calls of the sidecar with a time limit, refuses them while it rests, and says what their failures mean.</summary>
internal sealed class DaprStateCalls(DaprStateOptions options, TimeProvider time)
{
    private readonly CallBreaker _breaker = new(options.FailuresToRest, options.Rest, time);

    /// <summary>Whether the last call was answered.</summary>
    public bool IsAvailable => _breaker.IsWell;

    /// <summary>Calls that failed so far.</summary>
    public long Failures => _breaker.Failures;

    /// <summary>Makes a call.</summary>
    /// <param name="call">The call.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <param name="mayBeConflict">Whether a failure without a reason may be a conflict: it then counts for nothing, and the caller reads to find out.</param>
    /// <exception cref="StateConflictException">Its ETag is not, or not any more, the value's.</exception>
    /// <exception cref="StateUnavailableException">It was not answered, or not by the store. The inner exception is gRPC's where there is one.</exception>
    public async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellation, bool mayBeConflict = false)
    {
        cancellation.ThrowIfCancellationRequested();
        if (!_breaker.TryEnter())
            throw new StateUnavailableException("The state store did not answer lately and is left alone for a moment.");
        using var limit = new CancellationTokenSource(options.Timeout, time);
        using var left = cancellation.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), limit);
        try
        {
            var answer = await call(limit.Token).ConfigureAwait(false);
            _breaker.Succeeded();
            return answer;
        }
        catch (Exception e) when (e is DaprException or RpcException or OperationCanceledException or IOException or HttpRequestException)
        {
            throw Judge(e, limit.IsCancellationRequested, mayBeConflict, cancellation);
        }
        catch
        {
            _breaker.Left();
            throw;
        }
    }

    private Exception Judge(Exception e, bool timedOut, bool mayBeConflict, CancellationToken cancellation)
    {
        var rpc = e as RpcException ?? e.InnerException as RpcException;
        if (rpc is { StatusCode: StatusCode.Aborted } or { StatusCode: StatusCode.InvalidArgument } && IsAboutETag(rpc))
        {
            _breaker.Succeeded();
            return new StateConflictException(rpc);
        }

        if (cancellation.IsCancellationRequested)
        {
            _breaker.Left();
            return new OperationCanceledException(cancellation);
        }

        if (mayBeConflict && !timedOut && IsRefusal(rpc))
            _breaker.Left();
        else
            _breaker.Failed();
        return timedOut
            ? new StateUnavailableException($"The state store '{options.Component}' did not answer within {options.Timeout.TotalSeconds:0.###} s.", rpc)
            : new StateUnavailableException($"The state store '{options.Component}' is not available: {rpc?.Status.Detail ?? e.Message}", rpc ?? e);
    }

    /// <summary>Whether the store answered, with no more than that it would not.</summary>
    public static bool IsRefusal(RpcException? rpc) => rpc?.StatusCode is StatusCode.Internal or StatusCode.Unknown or StatusCode.FailedPrecondition;

    // An ETag of another form than the store's is a bad argument; so is a component that does not exist.
    private static bool IsAboutETag(RpcException rpc) =>
        rpc.StatusCode == StatusCode.Aborted || rpc.Status.Detail.Contains("etag", StringComparison.OrdinalIgnoreCase);
}
