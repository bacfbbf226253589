using System.Buffers;
using System.Text.Json;
using Gateway.Metering;
using Gateway.Protocol;
using Gateway.Protocol.Embeddings;

namespace Gateway.Dialects.OllamaEmbeddings;

/// <summary>Reads and writes Ollama's <c>/api/embed</c>, and reads and answers <c>/api/embeddings</c>, the old form with one <c>prompt</c>.</summary>
internal sealed class OllamaEmbeddingCodec : IEmbeddingCodec
{
    private static readonly string[] Known = ["model", "input", "prompt", "dimensions", "truncate"];

    public Operation Wire => Operation.OllamaEmbed;

    public EmbeddingRequest ReadRequest(ReadOnlyMemory<byte> body, RequestFacts facts)
    {
        using var document = WireJson.Parse(body);
        var root = RequestMembers.Root(document);
        var request = new EmbeddingRequest
        {
            Model = root.TextOf("model"u8) ?? facts.Model,
            Dimensions = root.IntegerOf("dimensions"u8) is > 0 and var dimensions ? dimensions : null,
            Truncate = root.FlagOf("truncate"u8),
        };
        var input = root.Get("input"u8);
        if (input.Text() is { } only)
            request.Inputs.Add(new EmbeddingInput { Text = only });
        foreach (var each in input.Each())
            request.Inputs.Add(new EmbeddingInput { Text = each.Text() ?? throw new RequestFormatException("'input' must be a string or an array of strings.", "input") });
        if (!input.Says() && root.TextOf("prompt"u8) is { } prompt)
        {
            request.IsSingle = true;
            request.Inputs.Add(new EmbeddingInput { Text = prompt });
        }

        if (request.Inputs.Count == 0)
            throw new RequestFormatException("Missing required parameter: 'input'.", "input");
        UnknownMembers.Collect(root, Wire, "", Known, request.Extras);
        return request;
    }

    public void WriteRequest(IBufferWriter<byte> output, EmbeddingRequest request, TargetTraits target, DroppedMembers dropped)
    {
        using var json = WireJson.Writer(output);
        json.WriteStartObject();
        json.WriteText("model"u8, target.Model);
        json.WriteStartArray("input"u8);
        for (var i = 0; i < request.Inputs.Count; i++)
            json.WriteTextValue(VectorReader.TextOf(request.Inputs[i], i, "Ollama"));
        json.WriteEndArray();
        if (request.Dimensions is { } dimensions)
            json.WriteNumber("dimensions"u8, dimensions);
        if (request.Truncate is { } truncate)
            json.WriteBoolean("truncate"u8, truncate);
        UnknownMembers.WriteOwn(json, request.Extras, Wire);
        json.WriteEndObject();
        dropped.AddForeign(request.Extras, Wire);
        if (request.Task is not null)
            dropped.Add("input_type");
        if (request.Title is not null)
            dropped.Add("title");
        if (request.User is not null)
            dropped.Add("user");
    }

    public EmbeddingReply? ReadReply(ReadOnlyMemory<byte> body)
    {
        using var document = WireJson.Parse(body);
        var root = document.RootElement;
        var reply = new EmbeddingReply { Model = root.Text("model"u8) };
        if (root.Integer("prompt_eval_count"u8) is { } tokens and >= 0 and <= int.MaxValue)
            reply.Usage = new TokenUsage(tokens, 0);
        var embeddings = root.Get("embeddings"u8);
        if (embeddings.ValueKind != JsonValueKind.Array)
            return VectorReader.TryAdd(root.Get("embedding"u8), reply.Vectors) ? reply : null;
        foreach (var vector in embeddings.EnumerateArray())
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
        if (envelope.Request.IsSingle)
        {
            json.WritePropertyName("embedding"u8);
            if (reply.Vectors.Count > 0)
                reply.Vectors[0].WriteTo(json, EmbeddingForms.Floats);
            else
                json.WriteNullValue();
            json.WriteEndObject();
            return;
        }

        json.WriteText("model"u8, reply.Model ?? envelope.Model);
        json.WriteStartArray("embeddings"u8);
        foreach (var vector in reply.Vectors)
            vector.WriteTo(json, EmbeddingForms.Floats);
        json.WriteEndArray();
        if (reply.Usage is { } usage)
            json.WriteNumber("prompt_eval_count"u8, usage.Input);
        json.WriteEndObject();
    }
}
