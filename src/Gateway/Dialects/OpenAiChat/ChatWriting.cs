using Gateway.Dialects.OpenAi;
using Gateway.Protocol;

namespace Gateway.Dialects.OpenAiChat;

/// <summary>What the parts of a request's writer share.</summary>
internal sealed class ChatWriting(ChatRequest request, TargetTraits target, DroppedMembers dropped)
{
    /// <summary>The request.</summary>
    public ChatRequest Request { get; } = request;

    /// <summary>The target.</summary>
    public TargetTraits Target { get; } = target;

    /// <summary>What can't be said.</summary>
    public DroppedMembers Dropped { get; } = dropped;

    /// <summary>In what the provider differs.</summary>
    public ChatQuirks Quirks { get; } = ChatQuirks.For(target);

    /// <summary>Whether the model takes OpenAI's marks of the prompt cache.</summary>
    public bool TakesBreakpoints => Quirks.CacheBreakpoints && OpenAiModels.TakesCacheMarks(Target.Model);

    /// <summary>Whether the provider takes a member; when it doesn't, it is named.</summary>
    public bool Takes(string member)
    {
        if (!Quirks.Drop(member))
            return true;
        Dropped.Add(member);
        return false;
    }
}
