using Gateway.Dialects.OpenAi;

namespace Gateway.Dialects.OpenAiChat;

/// <summary>OpenAI Chat Completions.</summary>
internal sealed class OpenAiChatDialect : ChoicesDialect
{
    public override IChatCodec Codec { get; } = new OpenAiChatCodec();
}
