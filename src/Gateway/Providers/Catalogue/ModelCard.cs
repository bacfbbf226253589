using Gateway.Metering;

namespace Gateway.Providers.Catalogue;

/// <summary>What is publicly known of one model at one provider.</summary>
/// <param name="Provider">Provider id, e.g. <c>openai</c>.</param>
/// <param name="Id">The model's id on the provider's wire.</param>
/// <param name="Mode">chat, embedding, image, rerank, audio_speech, audio_transcription, moderation, completion, realtime or video.</param>
internal sealed record ModelCard(string Provider, string Id, string Mode)
{
    /// <summary>The price, or null when unknown. Never assume zero.</summary>
    public ModelPrice? Price { get; init; }

    /// <summary>What is asked for something other than tokens, or null when nothing of that is known.</summary>
    public UnitPrice? Units { get; init; }

    /// <summary>Largest input plus output in tokens, or null when unknown.</summary>
    public int? ContextWindow { get; init; }

    /// <summary>Largest output in tokens, or null when unknown.</summary>
    public int? MaxOutput { get; init; }

    /// <summary>Subset of tools, vision, json_schema, reasoning, pdf, audio_in, audio_out, video_in.</summary>
    public IReadOnlyList<string> Capabilities { get; init; } = [];
}
