using System.Globalization;
using System.Text;
using Gateway.Protocol;
using Gateway.Protocol.Parts;

namespace Gateway.Tests.Testing;

/// <summary>The canonical model as text, so that two of them can be compared and a difference read. Texts that touch are one.</summary>
internal static class CanonicalText
{
    /// <summary>A request, without its model.</summary>
    public static string Of(ChatRequest request)
    {
        var text = new StringBuilder();
        foreach (var turn in request.Messages)
        {
            text.Append(turn.Role).Append(turn.Name is null ? "" : $" ({turn.Name})").Append(Extras(turn.Extras)).Append('\n');
            Append(text, turn.Parts, "  ");
        }

        Line("stream", request.Stream ? true : null);
        Line("max", request.MaxOutputTokens);
        Line("temperature", request.Temperature);
        Line("top_p", request.TopP);
        Line("top_k", request.TopK);
        Line("min_p", request.MinP);
        Line("presence", request.PresencePenalty);
        Line("frequency", request.FrequencyPenalty);
        Line("seed", request.Seed);
        Line("n", request.Choices);
        Line("stop", request.Stop.Count == 0 ? null : string.Join('|', request.Stop));
        foreach (var tool in request.Tools)
            Line("tool", $"{tool.Name} {tool.Description} {tool.Parameters} {tool.Strict} {tool.Cache} {tool.Native}{Extras(tool.Extras)}");
        Line("choice", request.ToolChoice is { } choice ? $"{choice.Mode} {string.Join(',', choice.Names)}" : null);
        Line("parallel", request.ParallelToolCalls);
        Line("format", request.Format is { } format ? $"{format.Name} {format.Description} {format.Schema} {format.Strict}" : null);
        Line("reasoning", request.Reasoning is { } r ? $"{r.Enabled} {r.Effort} {r.BudgetTokens} {r.Adaptive} {r.Summary}" : null);
        Line("logprobs", request.Logprobs);
        Line("top_logprobs", request.TopLogprobs);
        Line("logit_bias", request.LogitBias);
        Line("user", request.User);
        Line("tier", request.ServiceTier);
        Line("metadata", request.Metadata);
        Line("store", request.Store);
        Line("cache_key", request.PromptCacheKey);
        Line("verbosity", request.Verbosity);
        Line("modalities", request.Modalities.Count == 0 ? null : string.Join(',', request.Modalities));
        Line("audio", request.AudioOutput);
        text.Append(Extras(request.Extras));
        return text.ToString();

        void Line(string name, object? value)
        {
            if (value is not null && value is not RawJson { IsMissing: true })
                text.Append(name).Append(": ").Append(string.Format(CultureInfo.InvariantCulture, "{0}", value)).Append('\n');
        }
    }

    /// <summary>A reply's answers and usage.</summary>
    public static string Of(ChatReply reply)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{reply.Id} {reply.Model} {reply.ServiceTier} {reply.Usage}\n");
        foreach (var choice in reply.Choices)
        {
            text.Append(CultureInfo.InvariantCulture, $"{choice.Finish} {choice.StopSequence} {choice.Logprobs}\n");
            Append(text, choice.Parts, "  ");
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, IEnumerable<ContentPart> parts, string indent)
    {
        string? spoken = null;
        foreach (var part in parts)
        {
            if (part is TextPart { Cache: null, Extras: null, Citations.IsMissing: true } plain)
            {
                spoken += plain.Text;
                continue;
            }

            Flush();
            text.Append(indent).Append(Describe(part));
            if (part.Cache is { } cache)
                text.Append(" cache=").Append(cache.Ttl ?? "default");
            text.Append(Extras(part.Extras)).Append('\n');
            if (part is ToolResultPart result)
                Append(text, result.Content, indent + "  ");
        }

        Flush();

        void Flush()
        {
            if (spoken is not null)
                text.Append(indent).Append("text ").Append(spoken).Append('\n');
            spoken = null;
        }
    }

    private static string Describe(ContentPart part) => part switch
    {
        TextPart text => $"text {text.Text} {text.Citations}",
        RefusalPart refusal => $"refusal {refusal.Text}",
        ImagePart image => $"image {image.Source} {image.Detail}",
        AudioPart audio => $"audio {audio.Source} {audio.Format} {audio.Id} {audio.Transcript} {audio.ExpiresAt}",
        DocumentPart file => $"file {file.Source} {file.Name} {file.Text} {file.Context} {file.Citations}",
        VideoPart video => $"video {video.Source}",
        ReasoningPart thought => $"reasoning {thought.Origin} '{thought.Text}' {thought.Signature} {thought.Encrypted} {thought.Id}",
        ToolCallPart call => $"call {call.Id} {call.Name} {(call.Arguments.Length == 0 ? "{}" : call.Arguments)}",
        ToolResultPart result => $"result {result.CallId} {result.Name} {result.IsError}",
        OpaquePart opaque => $"opaque {opaque.Whole}",
        _ => throw new ArgumentOutOfRangeException(nameof(part)),
    };

    private static string Extras(List<ExtraMember>? extras) =>
        extras is null or [] ? "" : " +" + string.Join(" +", extras.Where(e => e.Path.Length > 0).Select(e => $"{e.Name}={e.Value}"));
}
