using System.IO.Pipelines;

namespace Gateway.Transport;

/// <summary>Where a relayed stream goes.</summary>
internal interface IStreamSink
{
    /// <summary>Whether status and headers have gone out.</summary>
    bool HasStarted { get; }

    /// <summary>Sends status and headers. Called once, before the first byte of the body.</summary>
    ValueTask StartAsync();

    /// <summary>The body. Only who holds <see cref="Writing"/> writes to it while a relay runs.</summary>
    PipeWriter Body { get; }

    /// <summary>Held while something is written: several streams may race for one client.</summary>
    SemaphoreSlim Writing { get; }

    /// <summary>What may be sent now to show that the stream is alive; empty when the wire has no such thing, or another stream sends it.</summary>
    ReadOnlyMemory<byte> KeepAlive { get; }

    /// <summary>Called once when the first content event is about to be written.</summary>
    /// <returns>False when it must not be: another stream had content first.</returns>
    bool TryCommit();
}
