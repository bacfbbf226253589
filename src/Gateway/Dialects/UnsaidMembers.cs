using Gateway.Protocol;

namespace Gateway.Dialects;

/// <summary>Names what of a request a wire has no word for.</summary>
internal static class UnsaidMembers
{
    /// <summary>Notes each of these members that the request says.</summary>
    /// <param name="dropped">Told of them, in the given order.</param>
    /// <param name="request">The request.</param>
    /// <param name="members">What the wire can't say, in the words of Chat Completions.</param>
    public static void AddUnsaid(this DroppedMembers dropped, ChatRequest request, ReadOnlySpan<string> members)
    {
        foreach (var member in members)
        {
            if (IsSaid(request, member))
                dropped.Add(member);
        }
    }

    private static bool IsSaid(ChatRequest request, string member) => member switch
    {
        "n" => request.Choices is > 1,
        "stop" => request.Stop.Count > 0,
        "seed" => request.Seed is not null,
        "top_k" => request.TopK is not null,
        "min_p" => request.MinP is not null,
        "presence_penalty" => request.PresencePenalty is not null,
        "frequency_penalty" => request.FrequencyPenalty is not null,
        "parallel_tool_calls" => request.ParallelToolCalls == false,
        "top_logprobs" => request.TopLogprobs is not null,
        "logit_bias" => !request.LogitBias.IsMissing,
        "user" => request.User is not null,
        "service_tier" => request.ServiceTier is not null,
        "metadata" => !request.Metadata.IsMissing,
        "store" => request.Store is not null,
        "prompt_cache_key" => request.PromptCacheKey is not null,
        "verbosity" => request.Verbosity is not null,
        "modalities" => request.Modalities.Exists(modality => modality != "text"),
        "audio" => !request.AudioOutput.IsMissing,
        _ => throw new ArgumentOutOfRangeException(nameof(member), member, null),
    };
}
