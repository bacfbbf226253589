using Gateway.Protocol;
using Gateway.Transport;

namespace Gateway.Dialects;

/// <summary>
/// Reads a provider's stream frame by frame. A decoder is a state machine over whole frames: how the bytes were cut on their way
/// makes no difference. One instance per stream; never called concurrently.
/// </summary>
internal interface IChatStreamDecoder
{
    /// <summary>Reads one frame and adds what it says, in order. Frames without payload add nothing.</summary>
    /// <returns>
    /// <see cref="TapVerdict.Content"/> when an event is content (text, reasoning, a tool call, media…) or a finish; <see cref="TapVerdict.Preamble"/>
    /// for all that may come before; <see cref="TapVerdict.Terminal"/> for the wire's last frame (its events are added first);
    /// <see cref="TapVerdict.Error"/> for the provider's own error (see <see cref="Error"/>); <see cref="TapVerdict.Malformed"/> for a frame that is not of this wire.
    /// </returns>
    /// <exception cref="System.Text.Json.JsonException">The payload is not JSON; the same as malformed.</exception>
    TapVerdict Decode(in StreamFrame frame, List<ChatEvent> events);

    /// <summary>Whether the answer is whole though the terminal frame may still be missing.</summary>
    bool Finished { get; }

    /// <summary>What the provider's own error says.</summary>
    ProviderErrorFacts? Error { get; }
}
