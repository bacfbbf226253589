using System.Buffers;
using System.Text.Json;
using Gateway.Protocol;
using Gateway.Protocol.Parts;

namespace Gateway.Dialects.Cohere;

/// <summary>Writes a request to Cohere.</summary>
internal static class CohereRequestWriter
{
    private static readonly string[] Unsaid =
        ["n", "min_p", "top_logprobs", "logit_bias", "user", "service_tier", "metadata", "store", "prompt_cache_key", "verbosity", "modalities", "audio"];

    private const int MostStops = 5;

    public static void Write(IBufferWriter<byte> output, ChatRequest request, TargetTraits target, DroppedMembers dropped)
    {
        using var json = WireJson.Writer(output);
        json.WriteStartObject();
        json.WriteText("model"u8, target.Model);
        if (request.Stream)
            json.WriteBoolean("stream"u8, true);
        var documents = new List<DocumentPart>();
        new CohereMessageWriter(json, dropped, documents).Write(request.Messages);
        var hasDocuments = WriteDocuments(json, request, documents);
        var tools = CohereTools.Write(json, request, dropped);
        WriteFormat(json, request.Format, dropped, tools > 0 ? "tools" : hasDocuments ? "documents" : null);
        WriteSampling(json, request, dropped);
        WriteThinking(json, request.Reasoning, target, dropped);
        foreach (var extra in request.Extras)
        {
            if (extra.Origin == Operation.CohereChat && extra.Name != "documents")
                json.WriteRaw(extra.Name, extra.Value);
        }

        json.WriteEndObject();
        dropped.AddForeign(request.Extras, Operation.CohereChat);
        dropped.AddUnsaid(request, Unsaid);
    }

    /// <summary>The client's own documents and those that other wires have inside a turn, for a user's turn here takes none.</summary>
    private static bool WriteDocuments(Utf8JsonWriter json, ChatRequest request, List<DocumentPart> parts)
    {
        var own = request.Extras.Find(e => e.Origin == Operation.CohereChat && e.Name == "documents");
        if (own is null && parts.Count == 0)
            return false;
        json.WriteStartArray("documents"u8);
        if (own is not null)
        {
            using var documents = own.Value.Parse();
            foreach (var document in documents.RootElement.Each())
                RawJson.Of(document).WriteTo(json);
        }

        foreach (var part in parts)
            CohereMessageWriter.WriteDocument(json, part);
        json.WriteEndArray();
        return true;
    }

    private static void WriteFormat(Utf8JsonWriter json, ResponseFormat? format, DroppedMembers dropped, string? rival)
    {
        if (format is null)
            return;
        if (rival is not null)
        {
            dropped.Add($"response_format (not together with {rival})");
            return;
        }

        json.WriteStartObject("response_format"u8);
        json.WriteString("type"u8, "json_object"u8);
        if (!format.Schema.IsMissing && CohereSchema.Fit(format.Schema, "response_format.json_schema.schema", dropped) is { IsMissing: false } schema)
            json.WriteRaw("json_schema"u8, schema);
        json.WriteEndObject();
        if (format.Description is not null)
            dropped.Add("response_format.json_schema.description");
    }

    private static void WriteSampling(Utf8JsonWriter json, ChatRequest request, DroppedMembers dropped)
    {
        if (request.MaxOutputTokens is { } most)
            json.WriteNumber("max_tokens"u8, most);
        if (request.Stop.Count > 0)
        {
            json.WriteStartArray("stop_sequences"u8);
            for (var i = 0; i < Math.Min(MostStops, request.Stop.Count); i++)
                json.WriteTextValue(request.Stop[i]);
            json.WriteEndArray();
            if (request.Stop.Count > MostStops)
                dropped.Add($"stop (only {MostStops} kept)");
        }

        WriteNumber(json, "temperature"u8, "temperature", request.Temperature, 0, 1, dropped);
        if (request.Seed is >= 0)
            json.WriteNumber("seed"u8, request.Seed.Value);
        else if (request.Seed is not null)
            dropped.Add("seed");
        WriteNumber(json, "frequency_penalty"u8, "frequency_penalty", request.FrequencyPenalty, 0, 1, dropped);
        WriteNumber(json, "presence_penalty"u8, "presence_penalty", request.PresencePenalty, 0, 1, dropped);
        if (request.TopK is { } k)
        {
            json.WriteNumber("k"u8, Math.Clamp(k, 0, 500));
            if (k is < 0 or > 500)
                dropped.Add("top_k (clamped)");
        }

        WriteNumber(json, "p"u8, "top_p", request.TopP, 0.01, 0.99, dropped);
        if (request.Logprobs is { } logprobs)
            json.WriteBoolean("logprobs"u8, logprobs);
    }

    private static void WriteNumber(Utf8JsonWriter json, ReadOnlySpan<byte> name, string said, double? value, double least, double most, DroppedMembers dropped)
    {
        if (value is not { } number)
            return;
        var clamped = Math.Clamp(number, least, most);
        json.WriteNumber(name, clamped);
        if (clamped != number)
            dropped.Add(FormattableString.Invariant($"{said} (clamped to {clamped})"));
    }

    private static void WriteThinking(Utf8JsonWriter json, ReasoningSettings? reasoning, TargetTraits target, DroppedMembers dropped)
    {
        if (reasoning is null)
            return;
        var isOff = reasoning.Enabled == false || reasoning.Effort == "none";
        if (target.Reasons == false || reasoning.EffortOnly)
        {
            if (!isOff)
                dropped.Add("reasoning_effort");
            return;
        }

        if (reasoning is { Enabled: null, Effort: null, BudgetTokens: null, Adaptive: false })
        {
            if (reasoning.Summary is not null)
                dropped.Add("reasoning.summary");
            return;
        }

        json.WriteStartObject("thinking"u8);
        json.WriteString("type"u8, isOff ? "disabled"u8 : "enabled"u8);
        if (!isOff && (reasoning.BudgetTokens is > 0 ? reasoning.BudgetTokens : BudgetOf(reasoning.Effort)) is { } budget)
            json.WriteNumber("token_budget"u8, budget);
        json.WriteEndObject();
    }

    /// <summary>Cohere knows no levels, only a budget; the highest levels have none.</summary>
    private static long? BudgetOf(string? effort) => effort switch
    {
        "minimal" => 512,
        "low" => 2048,
        "medium" => 8192,
        "high" => 16384,
        _ => null,
    };
}
