using Gateway.Protocol;

namespace Gateway.Dialects.BedrockConverse;

/// <summary>The sampling parameters a target takes, within its ranges and beside what else is asked of it.</summary>
/// <param name="Temperature">0 to 1, or null.</param>
/// <param name="TopP">Or null.</param>
/// <param name="TopK">Or null.</param>
internal sealed record SamplingPlan(double? Temperature, double? TopP, long? TopK)
{
    // Claude thinks with no smaller part of the likeliest tokens.
    private const double LeastTopPWhileThinking = 0.95;

    /// <summary>Plans for one request.</summary>
    public static SamplingPlan Of(ChatRequest request, BedrockModel model, ThinkingPlan thinking, DroppedMembers dropped)
    {
        var temperature = request.Temperature;
        if (temperature is > 1 or < 0)
        {
            temperature = Math.Clamp(temperature.Value, 0, 1);
            dropped.Add($"temperature (clamped to {temperature})");
        }

        var topP = request.TopP;
        var topK = request.TopK;
        if (model.Family == BedrockFamily.Anthropic)
        {
            var refusesAll = model.Thinking == ThinkingStyle.Adaptive;
            if (refusesAll || thinking.IsOn)
            {
                // 1 is what they use anyway.
                Drop(ref temperature, temperature != 1, "temperature");
                Drop(ref topP, refusesAll || topP < LeastTopPWhileThinking, "top_p");
                Drop(ref topK, true, "top_k");
            }

            Drop(ref topP, model.TakesOneSamplingParameter && temperature is not null, "top_p");
        }
        else if (model.Family == BedrockFamily.Nova)
        {
            var refusesAll = thinking is { IsOn: true, Effort: "high" };
            Drop(ref temperature, refusesAll, "temperature");
            Drop(ref topP, refusesAll, "top_p");
            Drop(ref topK, refusesAll, "top_k");
        }
        else
        {
            Drop(ref topK, model.Family != BedrockFamily.Mistral, "top_k");
        }

        return new SamplingPlan(temperature, topP, topK);

        void Drop<T>(ref T? value, bool refuses, string name)
            where T : struct
        {
            if (value is null || !refuses)
                return;
            value = null;
            dropped.Add(name);
        }
    }
}
