using System.Buffers;
using System.Text.Json;
using Gateway.Metering;
using Gateway.Protocol;
using Gateway.Protocol.Embeddings;

namespace Gateway.Dialects.OpenAiEmbeddings;

/// <summary>Reads and writes OpenAI's embeddings. <c>input_type</c> is no word of OpenAI's, but of several who speak its wire.</summary>
internal sealed class OpenAiEmbeddingCodec : IEmbeddingCodec
{
    private static readonly string[] Known = ["model", "input", "dimensions", "encoding_format", "user", "input_type"];

    public Operation Wire => Operation.Embeddings;

    public EmbeddingRequest ReadRequest(ReadOnlyMemory<byte> body, RequestFacts facts)
    {
        using var document = WireJson.Parse(body);
        var root = RequestMembers.Root(document);
        var inputType = root.TextOf("input_type"u8);
        var request = new EmbeddingRequest
        {
            Model = root.TextOf("model"u8) ?? facts.Model,
            Dimensions = root.IntegerOf("dimensions"u8),
            User = root.TextOf("user"u8),
            Task = EmbeddingTaskWords.Read(inputType),
            Forms = root.TextOf("encoding_format"u8) switch
            {
                null => EmbeddingForms.None,
                "float" => EmbeddingForms.Floats,
                "base64" => EmbeddingForms.Base64,
                _ => throw new RequestFormatException("'encoding_format' must be float or base64.", "encoding_format"),
            },
        };
        ReadInput(root.Get("input"u8), request.Inputs);
        UnknownMembers.Collect(root, Operation.Embeddings, "", Known, request.Extras);
        if (inputType is not null && request.Task is null)
            request.Extras.Add(new ExtraMember(Operation.Embeddings, "input_type", "input_type", root.Raw("input_type"u8)));
        return request;
    }

    public void WriteRequest(IBufferWriter<byte> output, EmbeddingRequest request, TargetTraits target, DroppedMembers dropped)
    {
        using var json = WireJson.Writer(output);
        json.WriteStartObject();
        json.WriteText("model"u8, target.Model);
        json.WriteStartArray("input"u8);
        for (var i = 0; i < request.Inputs.Count; i++)
        {
            var input = request.Inputs[i];
            if (input.Tokens.IsMissing)
                json.WriteTextValue(VectorReader.TextOf(input, i, "OpenAI"));
            else
                input.Tokens.WriteTo(json);
        }

        json.WriteEndArray();
        if (request.Dimensions is { } dimensions)
            json.WriteNumber("dimensions"u8, dimensions);
        // Base64 is a quarter of the size; but where it was not asked for, whoever answers may not know it.
        if (request.Forms != EmbeddingForms.None)
            json.WriteString("encoding_format"u8, request.Forms.HasFlag(EmbeddingForms.Base64) ? "base64"u8 : "float"u8);
        if (request.User is { } user)
            json.WriteText("user"u8, user);
        foreach (var extra in request.Extras)
        {
            if (extra.Origin == Operation.Embeddings)
                json.WriteRaw(extra.Name, extra.Value);
        }

        json.WriteEndObject();
        dropped.AddForeign(request.Extras, Operation.Embeddings);
        if (request.Task is not null)
            dropped.Add("input_type");
        if (request.Title is not null)
            dropped.Add("title");
        if (request.Truncate is not null)
            dropped.Add("truncate");
    }

    public EmbeddingReply? ReadReply(ReadOnlyMemory<byte> body)
    {
        using var document = WireJson.Parse(body);
        var root = document.RootElement;
        var data = root.Get("data"u8);
        if (data.ValueKind != JsonValueKind.Array)
            return null;
        var reply = new EmbeddingReply { Id = root.Text("id"u8), Model = root.Text("model"u8), Usage = ReadUsage(root.Get("usage"u8)) };
        var place = 0L;
        foreach (var item in data.EnumerateArray().Select(e => (Item: e, Place: e.Integer("index"u8) ?? place++)).OrderBy(e => e.Place))
        {
            if (!VectorReader.TryAdd(item.Item.Get("embedding"u8), reply.Vectors))
                return null;
        }

        return reply;
    }

    public void WriteReply(IBufferWriter<byte> output, EmbeddingReply reply, EmbeddingEnvelope envelope)
    {
        var form = envelope.Request.Forms.HasFlag(EmbeddingForms.Base64) ? EmbeddingForms.Base64 : EmbeddingForms.Floats;
        using var json = WireJson.Writer(output);
        json.WriteStartObject();
        json.WriteString("object"u8, "list"u8);
        json.WriteStartArray("data"u8);
        for (var i = 0; i < reply.Vectors.Count; i++)
        {
            json.WriteStartObject();
            json.WriteString("object"u8, "embedding"u8);
            json.WriteNumber("index"u8, i);
            json.WritePropertyName("embedding"u8);
            reply.Vectors[i].WriteTo(json, form);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteText("model"u8, reply.Model ?? envelope.Model);
        json.WriteStartObject("usage"u8);
        json.WriteNumber("prompt_tokens"u8, reply.Usage?.Input ?? 0);
        json.WriteNumber("total_tokens"u8, (reply.Usage?.Input ?? 0) + (reply.Usage?.Output ?? 0));
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>One text, one text's token ids, or an array of either.</summary>
    private static void ReadInput(JsonElement input, List<EmbeddingInput> inputs)
    {
        switch (input.ValueKind)
        {
            case JsonValueKind.String:
                inputs.Add(new EmbeddingInput { Text = input.Text() });
                break;
            case JsonValueKind.Array when input.GetArrayLength() > 0 && input[0].ValueKind == JsonValueKind.Number:
                inputs.Add(new EmbeddingInput { Tokens = RawJson.Of(input) });
                break;
            case JsonValueKind.Array:
                foreach (var each in input.EnumerateArray())
                {
                    inputs.Add(each.ValueKind switch
                    {
                        JsonValueKind.String => new EmbeddingInput { Text = each.Text() },
                        JsonValueKind.Array => new EmbeddingInput { Tokens = RawJson.Of(each) },
                        _ => throw new RequestFormatException($"'input[{inputs.Count}]' must be a string or an array of token ids.", $"input[{inputs.Count}]"),
                    });
                }

                break;
            case JsonValueKind.Undefined or JsonValueKind.Null:
                throw new RequestFormatException("Missing required parameter: 'input'.", "input");
            default:
                throw new RequestFormatException("'input' must be a string or an array.", "input");
        }
    }

    private static TokenUsage? ReadUsage(JsonElement usage) =>
        (usage.Integer("prompt_tokens"u8) ?? usage.Integer("total_tokens"u8)) is { } input and >= 0 and <= int.MaxValue ? new TokenUsage(input, 0) : null;
}
