using Grpc.AspNetCore.Server;
using Grpc.Core;
using TestSidecar.Faults;
using TestSidecar.State;

namespace TestSidecar.Runtime;

/// <summary>Lets faults befall gRPC calls, and turns a store's errors into the runtime's.</summary>
internal sealed class CallFaults(FaultBoard board)
{
    /// <summary>Does a call.</summary>
    /// <param name="call">The call.</param>
    /// <param name="writes">Whether its answer can be lost after it has been done.</param>
    /// <param name="act">What it does.</param>
    public async Task<T> AroundAsync<T>(ServerCallContext call, bool writes, Func<Task<T>> act)
    {
        await board.EnterAsync(call.CancellationToken);
        if (board.Take(Fault.Drop))
            throw Cut(call);
        if (board.Take(Fault.Unavailable))
            throw new RpcException(new Status(StatusCode.Unavailable, "the component is away"));
        var answer = await MappedAsync(act);
        return writes && board.Take(Fault.LostAnswer) ? throw Cut(call) : answer;
    }

    private static async Task<T> MappedAsync<T>(Func<Task<T>> act)
    {
        try
        {
            return await act();
        }
        catch (ETagException e)
        {
            throw new RpcException(new Status(e.IsInvalid ? StatusCode.InvalidArgument : StatusCode.Aborted, e.Message));
        }
        catch (Exception e) when (e is StoreException or StackExchange.Redis.RedisException or TimeoutException)
        {
            throw new RpcException(new Status(StatusCode.Internal, e.Message));
        }
    }

    private static RpcException Cut(ServerCallContext call)
    {
        call.GetHttpContext().Abort();
        return new RpcException(new Status(StatusCode.Unavailable, "cut"));
    }
}
