using Gateway.Protocol;

namespace Gateway.Routing.Rescue;

/// <summary>Makes of a second stream what the client's reply still lacks. One instance per attempt.</summary>
internal interface IContinuation
{
    /// <summary>Whether the stream turned out to be another answer than the one that is to be gone on with: nothing more of it may be used.</summary>
    bool Diverged { get; }

    /// <summary>Adds what of an event is news to the client.</summary>
    void Filter(in ChatEvent chatEvent, List<ChatEvent> news);

    /// <summary>The stream is over: adds what was waiting for more.</summary>
    void End(List<ChatEvent> news);
}
