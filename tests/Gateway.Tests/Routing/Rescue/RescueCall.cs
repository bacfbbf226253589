using Gateway.Protocol;
using Gateway.Protocol.Parts;

namespace Gateway.Tests.Routing.Rescue;

/// <summary>A request that an upstream of a <see cref="RescueRig"/> got.</summary>
/// <param name="Target">Which.</param>
/// <param name="Number">1 for its first.</param>
/// <param name="Body">The body.</param>
/// <param name="Chat">What it says.</param>
/// <param name="Headers">Its headers.</param>
/// <param name="Cancellation">Cancelled when the gateway gives the call up.</param>
internal sealed record RescueCall(RescueTarget Target, int Number, string Body, ChatRequest Chat, System.Net.Http.Headers.HttpRequestHeaders Headers, CancellationToken Cancellation)
{
    /// <summary>Whether the last turn is the model's own.</summary>
    public bool IsPrefill => Chat.Messages[^1].Role == ChatRole.Assistant;

    /// <summary>Whether a turn asks for the rest of an answer.</summary>
    public bool IsTurn => Chat.Messages.Count > 2 && Chat.Messages[^1].Role == ChatRole.User && Chat.Messages[^2].Role == ChatRole.Assistant;

    /// <summary>What the request holds of the answer.</summary>
    public string Delivered => IsPrefill ? TextOf(Chat.Messages[^1]) : IsTurn ? TextOf(Chat.Messages[^2]) : "";

    private static string TextOf(ChatMessage message) => string.Concat(message.Parts.OfType<TextPart>().Select(p => p.Text));
}
