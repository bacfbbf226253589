using System.Text.Json;
using Gateway.Dialects;
using Gateway.Pipeline;
using Gateway.Protocol;
using Gateway.Routing.Policies;

namespace Gateway.Routing.Rescue;

/// <summary>
/// Which requests can be gone on with: streamed chats with one answer in text or tool calls, of which the canonical model can say everything
/// that may come back. What a provider keeps for itself, or runs by itself, can't be continued by asking again.
/// </summary>
internal static class RescueEligibility
{
    private static readonly string[] Kept = ["previous_response_id", "conversation", "prompt", "background", "container", "mcp_servers", "cachedContent"];

    /// <summary>The request in the canonical model if its reply can be gone on with; otherwise null.</summary>
    /// <param name="context">The request, its route known.</param>
    public static ChatRequest? Read(GatewayContext context)
    {
        if (context.Route!.Rescue != RescuePolicy.Resume || !context.Request.Stream || !context.Operation.IsChat() || context.Dialect.Codec is not { } codec)
            return null;
        try
        {
            var chat = context.Chat ??= codec.ReadRequest(context.Body!.WrittenMemory, context.Request);
            return IsPlain(chat) && context.Request.Generations == 1 ? chat : null;
        }
        catch (Exception e) when (e is RequestFormatException or JsonException)
        {
            return null; // whether it can be served is the attempt's to say
        }
    }

    private static bool IsPlain(ChatRequest chat) =>
        chat.Choices is null or 1
        && chat.Logprobs != true
        && chat.AudioOutput.IsMissing
        && chat.Modalities.TrueForAll(static m => m.Equals("text", StringComparison.OrdinalIgnoreCase))
        && !chat.Tools.Exists(static t => t.Native is not null)
        && !chat.Extras.Exists(static e => Array.IndexOf(Kept, e.Name) >= 0);
}
