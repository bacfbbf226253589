using System.Buffers;
using System.Text.Json;
using Gateway.Protocol;

namespace Gateway.Dialects.Gemini;

/// <summary>Writes a <c>generateContent</c> request. Model and stream stand in the address.</summary>
internal static class GeminiRequestWriter
{
    private static readonly string[] Unsaid = ["min_p", "parallel_tool_calls", "logit_bias", "user", "store", "prompt_cache_key", "verbosity"];

    public static void Write(IBufferWriter<byte> output, ChatRequest request, TargetTraits target, DroppedMembers dropped)
    {
        var traits = GeminiTraits.Of(target);
        using var writer = WireJson.Writer(output);
        writer.WriteStartObject();
        new GeminiTurnWriter(writer, request, traits, dropped).Write();
        GeminiToolWriter.Write(writer, request, traits, dropped);
        GeminiToolWriter.WriteConfig(writer, request, traits);
        GeminiConfigWriter.Write(writer, request, traits, dropped);
        WriteTier(writer, request.ServiceTier, traits, dropped);
        WriteLabels(writer, request.Metadata, traits, dropped);
        WriteExtras(writer, request.Extras, "");
        writer.WriteEndObject();
        dropped.AddUnsaid(request, Unsaid);
        dropped.AddForeign(request.Extras, Operation.GenerateContent);
    }

    /// <summary>Writes the extras of this wire that stood directly in the object of a path.</summary>
    /// <param name="writer">Stands within that object.</param>
    /// <param name="extras">All extras.</param>
    /// <param name="path">The object's path; empty for the request itself.</param>
    public static void WriteExtras(Utf8JsonWriter writer, IEnumerable<ExtraMember> extras, string path)
    {
        foreach (var extra in extras)
        {
            if (IsIn(extra, path))
                writer.WriteRaw(extra.Name, extra.Value);
        }
    }

    /// <summary>Whether an extra stood directly in the object of a path.</summary>
    public static bool IsIn(ExtraMember extra, string path) =>
        extra.Origin == Operation.GenerateContent
        && (path.Length == 0 ? extra.Path == extra.Name
            : extra.Path.Length == path.Length + 1 + extra.Name.Length && extra.Path.StartsWith(path, StringComparison.Ordinal) && extra.Path[path.Length] == '.');

    private static void WriteTier(Utf8JsonWriter writer, string? tier, GeminiTraits traits, DroppedMembers dropped)
    {
        var word = tier?.ToLowerInvariant() switch
        {
            "default" or "standard" or "standard_only" => "standard",
            "flex" => "flex",
            "priority" => "priority",
            _ => null,
        };
        if (word is not null && !traits.IsVertex)
            writer.WriteString("serviceTier"u8, word);
        else if (tier is not (null or "auto" or "default" or "standard" or "standard_only"))
            dropped.Add("service_tier");
    }

    private static void WriteLabels(Utf8JsonWriter writer, RawJson metadata, GeminiTraits traits, DroppedMembers dropped)
    {
        if (metadata.IsMissing)
            return;
        if (traits.IsVertex)
            writer.WriteRaw("labels"u8, metadata);
        else
            dropped.Add("metadata");
    }
}
