using Gateway.Dialects;
using Gateway.Dialects.Gemini;
using Gateway.Protocol;
using Gateway.Transport;

namespace Gateway.Routing.Attempts;

/// <summary>
/// How one attempt speaks to its target. On the relay lane the client's body goes out as it is; on the translate lane
/// <see cref="Body"/> has been written for the target.
/// </summary>
internal sealed class Lane(Operation wire, IDialect dialect) : IDisposable
{
    private static readonly Lane?[] Relays = [.. Enum.GetValues<Operation>().Select(o => DialectRegistry.For(o) is { } d ? new Lane(o, d) : null)];

    /// <summary>What is asked of the provider.</summary>
    public Operation Wire { get; } = wire;

    /// <summary>The provider's wire format.</summary>
    public IDialect Dialect { get; } = dialect;

    /// <summary>The request between the two wires; null on the relay lane.</summary>
    public Translated? Translated { get; init; }

    /// <summary>The body for the target; null on the relay lane. Owned by the lane.</summary>
    public PooledBuffer? Body { get; init; }

    /// <summary>What the target could not be told.</summary>
    public DroppedMembers? Dropped { get; init; }

    /// <summary>
    /// The relay lane of an operation. It holds nothing, so there is one for all, but for clients who want the wire's streams in another form:
    /// theirs is the tap.
    /// </summary>
    /// <param name="wire">The operation.</param>
    /// <param name="client">The client's dialect.</param>
    public static Lane Relay(Operation wire, IDialect client) =>
        client is GeminiListDialect ? new Lane(wire, client) : Relays[(int)wire] ?? throw new ArgumentOutOfRangeException(nameof(wire));

    public void Dispose() => Body?.Dispose();
}
