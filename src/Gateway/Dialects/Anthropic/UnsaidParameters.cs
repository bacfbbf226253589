using Gateway.Protocol;

namespace Gateway.Dialects.Anthropic;

/// <summary>Names what a request says and this wire has no word for. What is the default anyway is no loss.</summary>
internal static class UnsaidParameters
{
    /// <summary>Names them.</summary>
    public static void Report(ChatRequest request, DroppedMembers dropped)
    {
        Note(dropped, request.Choices > 1, "n");
        Note(dropped, request.Seed is not null, "seed");
        Note(dropped, request.MinP > 0, "min_p");
        Note(dropped, request.PresencePenalty is not (null or 0), "presence_penalty");
        Note(dropped, request.FrequencyPenalty is not (null or 0), "frequency_penalty");
        Note(dropped, request.Logprobs == true, "logprobs");
        Note(dropped, request.TopLogprobs > 0, "top_logprobs");
        Note(dropped, !request.LogitBias.IsMissing && request.LogitBias.Utf8.Length > 2, "logit_bias");
        Note(dropped, !request.Metadata.IsMissing && request.Metadata.Utf8.Length > 2, "metadata");
        Note(dropped, request.Store == true, "store");
        Note(dropped, request.PromptCacheKey is not null, "prompt_cache_key");
        Note(dropped, request.Verbosity is not (null or "medium"), "verbosity");
        Note(dropped, request.Modalities.Exists(m => m != "text"), "modalities");
        Note(dropped, !request.AudioOutput.IsMissing, "audio");
    }

    private static void Note(DroppedMembers dropped, bool isSaid, string name)
    {
        if (isSaid)
            dropped.Add(name);
    }
}
