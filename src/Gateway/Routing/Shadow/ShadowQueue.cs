using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using Gateway.Pipeline;

namespace Gateway.Routing.Shadow;

/// <summary>Copies of requests that wait to be sent. What does not fit is dropped and counted: nobody waits for a copy.</summary>
[SuppressMessage("Naming", "CA1711", Justification = "It is one.")]
internal sealed class ShadowQueue
{
    /// <summary>The most copies that wait.</summary>
    public const int MostWaiting = 64;

    /// <summary>The most bytes of bodies that wait or are under way.</summary>
    public const long MostBytes = 32 << 20;

    private readonly Channel<ShadowCopy> _copies = Channel.CreateBounded<ShadowCopy>(MostWaiting);
    private long _bytes;
    private long _dropped;
    private long _sent;

    /// <summary>Copies that were not made or not sent: no room, no budget left, a target that the caller may not use.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Copies that were sent.</summary>
    public long Sent => Interlocked.Read(ref _sent);

    /// <summary>Copies that wait.</summary>
    public int Waiting => _copies.Reader.Count;

    /// <summary>The copies, in order. Each one is given back to <see cref="Done"/>.</summary>
    public ChannelReader<ShadowCopy> Copies => _copies.Reader;

    /// <summary>Copies a request if there is room.</summary>
    /// <param name="original">The request, its reply delivered.</param>
    /// <param name="rule">The name of the rule that wants it.</param>
    /// <param name="plan">Where the copy goes.</param>
    public void Offer(GatewayContext original, string rule, ShadowPlan plan)
    {
        var bytes = original.Body?.Length ?? 0;
        var isRoom = Interlocked.Add(ref _bytes, bytes) <= MostBytes && _copies.Reader.Count < MostWaiting;
        if (isRoom && ShadowCopy.Of(original, rule, plan) is { } copy)
        {
            if (_copies.Writer.TryWrite(copy))
                return;
            copy.Context.Dispose();
        }

        Interlocked.Add(ref _bytes, -bytes);
        Interlocked.Increment(ref _dropped);
    }

    /// <summary>Gives up a copy's room.</summary>
    /// <param name="copy">The copy, not to be used any more.</param>
    /// <param name="sent">Whether it was sent.</param>
    public void Done(ShadowCopy copy, bool sent)
    {
        Interlocked.Add(ref _bytes, -copy.Context.Body!.Length);
        Interlocked.Increment(ref sent ? ref _sent : ref _dropped);
        copy.Context.Dispose();
    }
}
