using Gateway.Pipeline;
using Gateway.Protocol;

namespace Gateway.Metering;

/// <summary>
/// What images, speech and transcripts count as when the provider did not say. The rates are those at which OpenAI's own models count a medium;
/// of audio whose length nobody tells, the size at 128 kbit/s stands for it. Speech is counted by the text that was spoken.
/// </summary>
internal static class MediaEstimate
{
    /// <summary>A 1024×1024 image at medium quality.</summary>
    public const int TokensPerImageMade = 1_056;

    private const int AudioTokensPerSecond = 10;
    private const int AudioBytesPerToken = 1_600;

    /// <summary>The tokens of speech that was heard.</summary>
    public static long AudioTokens(double seconds) => (long)Math.Ceiling(Math.Min(seconds, int.MaxValue) * AudioTokensPerSecond);

    /// <summary>The estimate for a reply, or as much of one as came.</summary>
    public static TokenUsage Of(GatewayContext context, TokenEstimator estimator)
    {
        if (context.Operation.IsTranscript())
        {
            var audio = context.Reply.AudioSeconds is { } seconds
                ? AudioTokens(seconds)
                : (context.Upload?.FileBytes ?? 0) / AudioBytesPerToken;
            return new TokenUsage(audio, TranscriptTokens(context, estimator), AudioInput: audio);
        }

        var input = context.Body is { } body
            ? estimator.EstimateInput(body.WrittenSpan)
            : (context.Upload?.Files ?? 0L) * TokenEstimator.TokensPerMedium;
        return new TokenUsage(input, context.Operation == Operation.Speech ? 0 : (long)context.Request.Choices * TokensPerImageMade);
    }

    private static long TranscriptTokens(GatewayContext context, TokenEstimator estimator)
    {
        if (context.Answer is { } answer)
        {
            return context.ContentType.StartsWith("application/json", StringComparison.OrdinalIgnoreCase)
                ? OutputCounter.CountReply(estimator, answer.WrittenSpan)
                : estimator.CountText(answer.WrittenSpan);
        }

        return context.Tap is { } tap ? OutputCounter.CountEscaped(estimator, tap.SeenText, tap.SeenTextBytes) : 0;
    }
}
