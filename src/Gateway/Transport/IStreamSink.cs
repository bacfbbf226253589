using System.IO.Pipelines;

namespace Gateway.Transport;

/// <summary>Where a relayed stream goes.</summary>
internal interface IStreamSink
{
    /// <summary>Whether status and headers have gone out.</summary>
    bool HasStarted { get; }

    /// <summary>Sends status and headers. Called once, before the first byte of the body.</summary>
    ValueTask StartAsync();

    /// <summary>The body. Only the relay writes to it while it runs.</summary>
    PipeWriter Body { get; }

    /// <summary>What may be sent at any time to show that the stream is alive; empty when the wire has no such thing.</summary>
    ReadOnlyMemory<byte> KeepAlive { get; }

    /// <summary>Called once when the first content event is about to be written.</summary>
    void OnFirstContent();
}
