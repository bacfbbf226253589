namespace Gateway.Protocol;

/// <summary>What one event of a translated stream says.</summary>
internal enum ChatEventKind
{
    /// <summary>The reply begins: <see cref="ChatEvent.Id"/> and <see cref="ChatEvent.Name"/> (the model) where the provider said them. Once, first.</summary>
    Start,

    /// <summary>A piece of answer text in <see cref="ChatEvent.Text"/>, never empty.</summary>
    Text,

    /// <summary>A piece of a refusal.</summary>
    Refusal,

    /// <summary>A piece of reasoning text.</summary>
    Reasoning,

    /// <summary>The signature of the reasoning (or, when none preceded, of the tool call or text that follows) in <see cref="ChatEvent.Text"/>, with its <see cref="ChatEvent.Origin"/>.</summary>
    ReasoningSignature,

    /// <summary>A whole block of reasoning that only its vendor can read, in <see cref="ChatEvent.Text"/>.</summary>
    RedactedReasoning,

    /// <summary>A tool call begins: <see cref="ChatEvent.Index"/>, <see cref="ChatEvent.Id"/> (may be null: the encoder makes one), <see cref="ChatEvent.Name"/>.</summary>
    ToolCallStart,

    /// <summary>A piece of its arguments' JSON text, never empty.</summary>
    ToolCallArguments,

    /// <summary>The tool call is whole. Arguments that never came are <c>{}</c>.</summary>
    ToolCallEnd,

    /// <summary>The text, refusal or reasoning part that was being spoken is whole; wires without blocks never say so.</summary>
    PartEnd,

    /// <summary>A citation of the text part being spoken, in <see cref="ChatEvent.Raw"/> as the provider's wire has it.</summary>
    Citation,

    /// <summary>Log probabilities as OpenAI Chat writes them, in <see cref="ChatEvent.Raw"/>.</summary>
    Logprobs,

    /// <summary>Generated audio or images: <see cref="ChatEvent.Text"/> is base64, <see cref="ChatEvent.Name"/> the media type; for audio <see cref="ChatEvent.Raw"/> may hold OpenAI's delta as it came.</summary>
    Media,

    /// <summary>The choice is finished: <see cref="ChatEvent.Finish"/>, and the stop text in <see cref="ChatEvent.Text"/>. Usage may still follow.</summary>
    Finish,

    /// <summary>Tokens in <see cref="ChatEvent.Usage"/>: cumulative, the last one counts.</summary>
    Usage,

    /// <summary>The provider says it is still there.</summary>
    Ping,
}
