using System.Buffers;
using System.Text.Json;
using Gateway.Metering;
using Gateway.Protocol;
using Gateway.Protocol.Embeddings;
using Gateway.Protocol.Parts;

namespace Gateway.Dialects.GeminiEmbeddings;

/// <summary>Reads and writes Gemini's <c>embedContent</c> and <c>batchEmbedContents</c>, which is a list of the former's bodies.</summary>
/// <param name="isBatch">Which of the two.</param>
internal sealed class GeminiEmbeddingCodec(bool isBatch) : IEmbeddingCodec
{
    private const string ModelPrefix = "models/";

    private static readonly string[] Known = ["model", "content", "taskType", "title", "outputDimensionality"];

    public Operation Wire => isBatch ? Operation.BatchEmbedContents : Operation.EmbedContent;

    public EmbeddingRequest ReadRequest(ReadOnlyMemory<byte> body, RequestFacts facts)
    {
        using var document = WireJson.Parse(body);
        var root = RequestMembers.Root(document);
        var request = new EmbeddingRequest { Model = facts.Model, IsSingle = !isBatch };
        if (!isBatch)
        {
            ReadOne(root, "", request);
            return request;
        }

        foreach (var each in root.ArrayOf("requests"u8).Each())
            ReadOne(each, $"requests[{request.Inputs.Count}]", request);
        if (request.Inputs.Count == 0)
            throw new RequestFormatException("Missing required parameter: 'requests'.", "requests");
        UnknownMembers.Collect(root, Wire, "", ["requests"], request.Extras);
        return request;
    }

    public void WriteRequest(IBufferWriter<byte> output, EmbeddingRequest request, TargetTraits target, DroppedMembers dropped)
    {
        if (!isBatch && request.Inputs.Count != 1)
            throw new RequestFormatException("The target's wire (Gemini embedContent) takes one input at a time.", "input");
        using var json = WireJson.Writer(output);
        if (isBatch)
        {
            json.WriteStartObject();
            json.WriteStartArray("requests"u8);
        }

        for (var i = 0; i < request.Inputs.Count; i++)
            WriteOne(json, request, i, target.Model);
        if (isBatch)
        {
            json.WriteEndArray();
            UnknownMembers.WriteOwn(json, request.Extras.Where(e => !e.Path.StartsWith("requests[", StringComparison.Ordinal)), Wire);
            json.WriteEndObject();
        }

        dropped.AddForeign(request.Extras, Wire);
        if (request.User is not null)
            dropped.Add("user");
        if (request.Truncate is not null)
            dropped.Add("truncate");
    }

    public EmbeddingReply? ReadReply(ReadOnlyMemory<byte> body)
    {
        using var document = WireJson.Parse(body);
        var root = document.RootElement;
        var reply = new EmbeddingReply { Usage = GeminiEmbeddingUsage.Read(root.Get("usageMetadata"u8)) };
        var embeddings = root.Get("embeddings"u8);
        if (embeddings.ValueKind != JsonValueKind.Array)
            return VectorReader.TryAdd(root.Get("embedding"u8).Get("values"u8), reply.Vectors) ? reply : null;
        foreach (var embedding in embeddings.EnumerateArray())
        {
            if (!VectorReader.TryAdd(embedding.Get("values"u8), reply.Vectors))
                return null;
        }

        return reply;
    }

    public void WriteReply(IBufferWriter<byte> output, EmbeddingReply reply, EmbeddingEnvelope envelope)
    {
        using var json = WireJson.Writer(output);
        json.WriteStartObject();
        if (isBatch)
            json.WriteStartArray("embeddings"u8);
        else
            json.WritePropertyName("embedding"u8);
        foreach (var vector in isBatch ? reply.Vectors : reply.Vectors.Take(1))
        {
            json.WriteStartObject();
            json.WritePropertyName("values"u8);
            vector.WriteTo(json, EmbeddingForms.Floats);
            json.WriteEndObject();
        }

        if (isBatch)
            json.WriteEndArray();
        if (reply.Usage is { } usage)
        {
            json.WriteStartObject("usageMetadata"u8);
            json.WriteNumber("promptTokenCount"u8, usage.Input);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private void ReadOne(JsonElement one, string path, EmbeddingRequest request)
    {
        var content = one.ObjectOf("content"u8, path);
        var task = one.TextOf("taskType"u8, path);
        var dimensions = one.IntegerOf("outputDimensionality"u8, path);
        var title = one.TextOf("title"u8, path);
        if (request.Inputs.Count == 0)
            (request.Task, request.Dimensions, request.Title) = (EmbeddingTaskWords.ReadGemini(task), dimensions, title);
        else if (EmbeddingTaskWords.ReadGemini(task) != request.Task || dimensions != request.Dimensions || title != request.Title)
            throw new RequestFormatException("Inputs with different tasks, titles or dimensions can't be translated together.", path);
        var parts = new List<ContentPart>();
        foreach (var part in content.ArrayOf("parts"u8, path).Each())
            parts.Add(ReadPart(part, $"{path}content.parts[{parts.Count}]"));
        if (parts.Count == 0)
            throw new RequestFormatException("Missing required parameter: 'content'.", path.Length == 0 ? "content" : $"{path}.content");
        request.Inputs.Add(parts is [TextPart only] ? new EmbeddingInput { Text = only.Text } : new EmbeddingInput { Parts = parts });
        UnknownMembers.Collect(one, Wire, path, Known, request.Extras);
        if (task is not null && request.Task is null)
            request.Extras.Add(new ExtraMember(Wire, path.Length == 0 ? "taskType" : $"{path}.taskType", "taskType", one.Raw("taskType"u8)));
    }

    private static ContentPart ReadPart(JsonElement part, string path)
    {
        if (part.Text("text"u8) is { } text)
            return new TextPart(text);
        var inline = part.Get("inlineData"u8).Says() ? part.Get("inlineData"u8) : part.Get("inline_data"u8);
        return inline.Text("data"u8) is { } data
            ? new ImagePart(new MediaSource { Data = data, MediaType = inline.Text("mimeType"u8) ?? inline.Text("mime_type"u8) })
            : throw new RequestFormatException($"'{path}' must be a text or inline data.", path);
    }

    private void WriteOne(Utf8JsonWriter json, EmbeddingRequest request, int index, string model)
    {
        var input = request.Inputs[index];
        json.WriteStartObject();
        json.WriteText("model"u8, model.StartsWith(ModelPrefix, StringComparison.Ordinal) ? model : ModelPrefix + model);
        json.WriteStartObject("content"u8);
        json.WriteStartArray("parts"u8);
        foreach (var part in input.Parts ?? [new TextPart(VectorReader.TextOf(input, index, "Gemini"))])
            WritePart(json, part, index);
        json.WriteEndArray();
        json.WriteEndObject();
        if (request.Task is { } task)
            json.WriteString("taskType"u8, EmbeddingTaskWords.Gemini(task));
        if (request.Title is { } title)
            json.WriteText("title"u8, title);
        if (request.Dimensions is { } dimensions)
            json.WriteNumber("outputDimensionality"u8, dimensions);
        var prefix = isBatch ? $"requests[{index}]." : "";
        UnknownMembers.WriteOwn(json, request.Extras.Where(e => e.Path == prefix + e.Name), Wire);
        json.WriteEndObject();
    }

    private static void WritePart(Utf8JsonWriter json, ContentPart part, int index)
    {
        json.WriteStartObject();
        switch (part)
        {
            case TextPart text:
                json.WriteText("text"u8, text.Text);
                break;
            case ImagePart { Source: { Data: { } data } source }:
                json.WriteStartObject("inlineData"u8);
                json.WriteString("mimeType"u8, source.MediaType ?? "image/jpeg");
                json.WriteString("data"u8, data);
                json.WriteEndObject();
                break;
            default:
                throw new RequestFormatException("The target's wire (Gemini) takes images as data only.", $"input[{index}]");
        }

        json.WriteEndObject();
    }
}
