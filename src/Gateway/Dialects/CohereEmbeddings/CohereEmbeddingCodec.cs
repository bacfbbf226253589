using System.Buffers;
using System.Text.Json;
using Gateway.Protocol;
using Gateway.Protocol.Embeddings;

namespace Gateway.Dialects.CohereEmbeddings;

/// <summary>Reads and writes Cohere's embeddings, version 2. The task must be said; several forms of the vectors may be had at once.</summary>
internal sealed class CohereEmbeddingCodec : IEmbeddingCodec
{
    private static readonly string[] Known = ["model", "texts", "images", "inputs", "input_type", "embedding_types", "output_dimension", "truncate"];

    public Operation Wire => Operation.CohereEmbed;

    public EmbeddingRequest ReadRequest(ReadOnlyMemory<byte> body, RequestFacts facts)
    {
        using var document = WireJson.Parse(body);
        var root = RequestMembers.Root(document);
        var inputType = root.TextOf("input_type"u8);
        var truncate = root.TextOf("truncate"u8);
        var request = new EmbeddingRequest
        {
            Model = root.TextOf("model"u8) ?? facts.Model,
            Dimensions = root.IntegerOf("output_dimension"u8),
            Task = EmbeddingTaskWords.Read(inputType),
            Truncate = truncate is null ? null : truncate != "NONE",
        };
        CohereEmbeddingInputs.Read(root, request.Inputs);
        foreach (var type in root.ArrayOf("embedding_types"u8).Each())
        {
            request.Forms |= type.Text() switch
            {
                "float" => EmbeddingForms.Floats,
                "base64" => EmbeddingForms.Base64,
                _ => throw new RequestFormatException("Of 'embedding_types' only float and base64 can be had from another provider.", "embedding_types"),
            };
        }

        UnknownMembers.Collect(root, Wire, "", Known, request.Extras);
        if (truncate == "START")
            request.Extras.Add(new ExtraMember(Wire, "truncate (START)", "truncate", root.Raw("truncate"u8)));
        return request;
    }

    public void WriteRequest(IBufferWriter<byte> output, EmbeddingRequest request, TargetTraits target, DroppedMembers dropped)
    {
        var (word, isExact) = EmbeddingTaskWords.Cohere(request.Task);
        using var json = WireJson.Writer(output);
        json.WriteStartObject();
        json.WriteText("model"u8, target.Model);
        json.WriteString("input_type"u8, word);
        CohereEmbeddingInputs.Write(json, request.Inputs);
        json.WriteStartArray("embedding_types"u8);
        if (request.Forms != EmbeddingForms.Base64)
            json.WriteStringValue("float"u8);
        if (request.Forms.HasFlag(EmbeddingForms.Base64))
            json.WriteStringValue("base64"u8);
        json.WriteEndArray();
        if (request.Dimensions is { } dimensions)
            json.WriteNumber("output_dimension"u8, dimensions);
        var ownTruncate = request.Extras.Exists(e => e.Origin == Wire && e.Name == "truncate");
        if (request.Truncate is { } truncate && !ownTruncate)
            json.WriteString("truncate"u8, truncate ? "END"u8 : "NONE"u8);
        UnknownMembers.WriteOwn(json, request.Extras, Wire);
        json.WriteEndObject();
        dropped.AddForeign(request.Extras, Wire);
        if (!isExact)
            dropped.Add($"input_type (as {word})");
        if (request.User is not null)
            dropped.Add("user");
        if (request.Title is not null)
            dropped.Add("title");
    }

    public EmbeddingReply? ReadReply(ReadOnlyMemory<byte> body)
    {
        using var document = WireJson.Parse(body);
        var root = document.RootElement;
        var embeddings = root.Get("embeddings"u8);
        // The old form is a bare array of vectors; of several forms numbers are taken, for base64 can be had from them as well.
        var vectors = embeddings.ValueKind == JsonValueKind.Array ? embeddings
            : embeddings.Get("float"u8).ValueKind == JsonValueKind.Array ? embeddings.Get("float"u8)
            : embeddings.Get("base64"u8);
        if (vectors.ValueKind != JsonValueKind.Array)
            return null;
        var reply = new EmbeddingReply { Id = root.Text("id"u8), Usage = CohereEmbeddingUsage.Read(root.Get("meta"u8)) };
        foreach (var vector in vectors.EnumerateArray())
        {
            if (!VectorReader.TryAdd(vector, reply.Vectors))
                return null;
        }

        return reply;
    }

    public void WriteReply(IBufferWriter<byte> output, EmbeddingReply reply, EmbeddingEnvelope envelope)
    {
        using var json = WireJson.Writer(output);
        json.WriteStartObject();
        json.WriteText("id"u8, reply.Id ?? envelope.RequestId);
        json.WriteStartObject("embeddings"u8);
        var forms = envelope.Request.Forms;
        if (forms != EmbeddingForms.Base64)
            WriteVectors(json, "float"u8, reply, EmbeddingForms.Floats);
        if (forms.HasFlag(EmbeddingForms.Base64))
            WriteVectors(json, "base64"u8, reply, EmbeddingForms.Base64);
        json.WriteEndObject();
        CohereEmbeddingInputs.WriteTexts(json, envelope.Request.Inputs);
        json.WriteStartObject("meta"u8);
        json.WriteStartObject("api_version"u8);
        json.WriteString("version"u8, "2"u8);
        json.WriteEndObject();
        if (reply.Usage is { } usage)
        {
            json.WriteStartObject("billed_units"u8);
            json.WriteNumber("input_tokens"u8, usage.Input);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteString("response_type"u8, "embeddings_by_type"u8);
        json.WriteEndObject();
    }

    private static void WriteVectors(Utf8JsonWriter json, ReadOnlySpan<byte> name, EmbeddingReply reply, EmbeddingForms form)
    {
        json.WriteStartArray(name);
        foreach (var vector in reply.Vectors)
            vector.WriteTo(json, form);
        json.WriteEndArray();
    }
}
