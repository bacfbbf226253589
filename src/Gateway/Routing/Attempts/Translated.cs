using System.Buffers;
using Gateway.Dialects;
using Gateway.Protocol;

namespace Gateway.Routing.Attempts;

/// <summary>A request that was read from one wire and written to another, and so knows how to read what comes back.</summary>
internal abstract class Translated
{
    /// <summary>Writes the request for the target.</summary>
    /// <exception cref="RequestFormatException">It can't be said on the provider's wire.</exception>
    public abstract void WriteRequest(IBufferWriter<byte> output, TargetTraits target, DroppedMembers dropped);

    /// <summary>Turns a provider's whole reply into the client's.</summary>
    /// <returns>False when it is not a reply of the provider's wire.</returns>
    /// <exception cref="System.Text.Json.JsonException">It is not JSON.</exception>
    public abstract bool TryWriteReply(ReadOnlyMemory<byte> answer, IBufferWriter<byte> output, ReplyFacts facts);

    /// <summary>A tap that turns a provider's stream into the client's.</summary>
    public virtual DialectStreamTap CreateStreamTap(ReplyFacts facts) => throw new NotSupportedException("This operation has no streams.");
}
