using System.Buffers;
using Gateway.Protocol;

namespace Gateway.Dialects;

/// <summary>
/// Writes a stream to a client. Opens, closes and numbers whatever blocks or items its wire has; finish and usage are remembered and
/// written by <see cref="End"/>, because usage may come last. One instance per stream.
/// </summary>
internal interface IChatStreamEncoder
{
    /// <summary>Writes what one event means on this wire, possibly nothing.</summary>
    void Encode(in ChatEvent chatEvent, IBufferWriter<byte> output);

    /// <summary>Whether it was given something that must not follow what the client has: nothing more is to be written.</summary>
    bool Refuses => false;

    /// <summary>Writes everything that ends the stream properly: open blocks' ends, the finish, usage and the terminal event. Called once, and only when the answer is whole.</summary>
    void End(IBufferWriter<byte> output);
}
