namespace Gateway.Routing.Attempts;

/// <summary>
/// Which targets may serve a request after one said that it does not support a parameter: only those whose card says that they can do what
/// the parameter asks for. Another vendor is not enough, and neither is a wire on which the parameter would be dropped: the caller asked for it,
/// and an answer without it would be another answer. Parameters that no card speaks of, such as <c>temperature</c>, are the client's to mend.
/// </summary>
internal static class TargetAbilities
{
    // In the order in which they are looked for: the parameter of a tool's image is about tools.
    private static readonly (string Word, string Ability)[] Words =
    [
        ("tool", "tools"), ("function", "tools"),
        ("response_format", "json_schema"), ("json_schema", "json_schema"), ("structured output", "json_schema"), ("output_config.format", "json_schema"), ("text.format", "json_schema"), ("responseschema", "json_schema"),
        ("reasoning", "reasoning"), ("thinking", "reasoning"), ("effort", "reasoning"),
        ("image", "vision"), ("vision", "vision"),
        ("pdf", "pdf"), ("document", "pdf"),
        ("video", "video_in"), ("input_audio", "audio_in"), ("audio input", "audio_in"), ("modalities", "audio_out"), ("audio", "audio_in"),
    ];

    /// <summary>What a provider's words are about, as cards call it; null when no card speaks of it.</summary>
    /// <param name="text">The name of a parameter, or a sentence.</param>
    public static string? AbilityIn(string? text)
    {
        if (text is null)
            return null;
        foreach (var (word, ability) in Words)
        {
            if (text.Contains(word, StringComparison.OrdinalIgnoreCase))
                return ability;
        }

        return null;
    }

    /// <summary>Whether a target is known to support what another one refused.</summary>
    /// <param name="target">The target.</param>
    /// <param name="unsupported">What was refused: see <see cref="Errors.GatewayError.Unsupported"/>.</param>
    public static bool Supports(TargetSnapshot target, string unsupported) =>
        AbilityIn(unsupported) is { } ability && target.Card?.Capabilities.Contains(ability) == true;
}
