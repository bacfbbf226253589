using System.Buffers;
using System.Text.Json;
using Gateway.Protocol;

namespace Gateway.Dialects.BedrockConverse;

/// <summary>Writes the body of a Converse request. Model and stream go into its path.</summary>
internal static class ConverseRequestWriter
{
    /// <summary>The member that asks for members of the model's own reply.</summary>
    private const string ResponsePaths = "additionalModelResponseFieldPaths";

    private const int MostMetadata = 16;
    private const int LongestMetadata = 256;

    /// <inheritdoc cref="IChatCodec.WriteRequest"/>
    public static void Write(IBufferWriter<byte> output, ChatRequest request, TargetTraits target, DroppedMembers dropped)
    {
        var model = BedrockModel.Of(target);
        var thinking = ThinkingPlan.Of(request, model, dropped);
        var sampling = SamplingPlan.Of(request, model, thinking, dropped);
        var tools = ToolPlan.Of(request, model, thinking, dropped);
        using var writer = WireJson.Writer(output);
        writer.WriteStartObject();
        new ConverseTurns(writer, request, model, target, dropped).Write(request.Format is { Schema.IsMissing: true } ? ReservedTool.JsonInstruction : null);
        WriteInference(writer, request, sampling);
        ConverseToolWriter.Write(writer, request, tools, model, dropped);
        ConverseModelFieldWriter.Write(writer, request, model, thinking, sampling, tools);
        WriteMetadata(writer, request, dropped);
        WriteTier(writer, request, dropped);
        WriteOutput(writer, request, model, thinking, dropped);
        ConverseExtras.Write(writer, request.Extras, "");
        if (request.Stop.Count > 0 && model.Family == BedrockFamily.Anthropic && !request.Extras.Exists(extra => extra.Name == ResponsePaths))
        {
            // Only so does the reply say which of the stop texts it was.
            writer.WriteStartArray("additionalModelResponseFieldPaths"u8);
            writer.WriteStringValue("/stop_sequence"u8);
            writer.WriteEndArray();
        }

        writer.WriteEndObject();
        dropped.AddForeign(request.Extras, Operation.Converse);
        ReportUnsaid(request, dropped);
    }

    private static void WriteInference(Utf8JsonWriter writer, ChatRequest request, SamplingPlan sampling)
    {
        const string prefix = "inferenceConfig.";
        if (request.MaxOutputTokens is null && sampling is { Temperature: null, TopP: null } && request.Stop.Count == 0 && !ConverseExtras.Any(request.Extras, prefix))
            return;
        writer.WriteStartObject("inferenceConfig"u8);
        if (request.MaxOutputTokens is { } most)
            writer.WriteNumber("maxTokens"u8, most);
        if (sampling.Temperature is { } temperature)
            writer.WriteNumber("temperature"u8, temperature);
        if (sampling.TopP is { } topP)
            writer.WriteNumber("topP"u8, topP);
        if (request.Stop.Count > 0)
        {
            writer.WriteStartArray("stopSequences"u8);
            foreach (var stop in request.Stop)
            {
                if (stop.Length > 0)
                    writer.WriteTextValue(stop);
            }

            writer.WriteEndArray();
        }

        ConverseExtras.Write(writer, request.Extras, prefix);
        writer.WriteEndObject();
    }

    private static void WriteMetadata(Utf8JsonWriter writer, ChatRequest request, DroppedMembers dropped)
    {
        if (request.Metadata.IsMissing)
            return;
        using var document = request.Metadata.Parse();
        if (document.RootElement.ValueKind != JsonValueKind.Object)
        {
            dropped.Add("metadata");
            return;
        }

        writer.WriteStartObject("requestMetadata"u8);
        var written = 0;
        foreach (var pair in document.RootElement.EnumerateObject())
        {
            if (written < MostMetadata && IsMetadata(pair.Name) && pair.Name.Length > 0 && pair.Value.Text() is { } value && IsMetadata(value))
            {
                writer.WriteString(pair.Name, value);
                written++;
            }
            else
            {
                dropped.Add($"metadata.{pair.Name}");
            }
        }

        writer.WriteEndObject();
    }

    private static bool IsMetadata(string text)
    {
        foreach (var c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not (' ' or '\t' or '\r' or '\n' or ':' or '_' or '@' or '$' or '#' or '=' or '/' or '+' or ',' or '-' or '.'))
                return false;
        }

        return text.Length <= LongestMetadata;
    }

    private static void WriteTier(Utf8JsonWriter writer, ChatRequest request, DroppedMembers dropped)
    {
        var tier = request.ServiceTier == "standard_only" ? "default" : request.ServiceTier;
        if (tier is "priority" or "default" or "flex" or "reserved")
        {
            writer.WriteStartObject("serviceTier"u8);
            writer.WriteString("type"u8, tier);
            writer.WriteEndObject();
        }
        else if (tier is not (null or "auto"))
        {
            dropped.Add("service_tier");
        }
    }

    private static void WriteOutput(Utf8JsonWriter writer, ChatRequest request, BedrockModel model, ThinkingPlan thinking, DroppedMembers dropped)
    {
        const string prefix = "outputConfig.";
        var format = request.Format is { Schema.IsMissing: false } said && model.TakesTextFormat ? said : null;
        if (format is null && thinking.OutputEffort is null && !ConverseExtras.Any(request.Extras, prefix))
            return;
        writer.WriteStartObject("outputConfig"u8);
        if (format is not null)
        {
            writer.WriteStartObject("textFormat"u8);
            writer.WriteString("type"u8, "json_schema"u8);
            writer.WriteStartObject("structure"u8);
            writer.WriteStartObject("jsonSchema"u8);
            writer.WriteText("schema"u8, ConverseSchema.Fit(format.Schema, "response_format.json_schema.schema", dropped).ToString());
            if (format.Name is { } name)
                writer.WriteText("name"u8, name);
            if (format.Description is { } description)
                writer.WriteText("description"u8, description);
            writer.WriteEndObject();
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        if (thinking.OutputEffort is { } effort)
            writer.WriteText("effort"u8, effort);
        ConverseExtras.Write(writer, request.Extras, prefix);
        writer.WriteEndObject();
    }

    /// <summary>What Converse has no words for, in OpenAI's. That nothing is to be kept or reported, it need not be told.</summary>
    private static void ReportUnsaid(ChatRequest request, DroppedMembers dropped)
    {
        dropped.AddUnsaid(request, ["min_p", "presence_penalty", "frequency_penalty", "seed", "n"]);
        if (request.Logprobs == true)
            dropped.Add("logprobs");
        dropped.AddUnsaid(request, ["top_logprobs", "logit_bias", "user"]);
        if (request.Store == true)
            dropped.Add("store");
        dropped.AddUnsaid(request, ["prompt_cache_key", "verbosity", "modalities", "audio"]);
    }
}
