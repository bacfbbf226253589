using System.Buffers;
using System.Text.Json;
using Gateway.Protocol;
using Gateway.Protocol.Rerank;

namespace Gateway.Dialects.Rerank;

/// <summary>
/// Reads and writes reranking. All speak of model, query and documents; Voyage says <c>top_k</c> and answers in <c>data</c>; Cohere, since
/// version 2, neither takes objects nor repeats documents.
/// </summary>
/// <param name="wire">Cohere's, or the others'.</param>
internal sealed class RerankCodec(Operation wire) : IRerankCodec
{
    private static readonly string[] Known = ["model", "query", "documents", "top_n", "top_k", "return_documents", "max_tokens_per_doc"];
    private static readonly string[] KnownOfReply = ["id", "model", "results", "data", "meta", "usage", "object"];

    public Operation Wire => wire;

    public RerankRequest ReadRequest(ReadOnlyMemory<byte> body, RequestFacts facts)
    {
        using var document = WireJson.Parse(body);
        var root = RequestMembers.Root(document);
        var request = new RerankRequest
        {
            Model = root.TextOf("model"u8) ?? facts.Model,
            Query = root.TextOf("query"u8) ?? throw new RequestFormatException("Missing required parameter: 'query'.", "query"),
            TopN = root.IntegerOf("top_n"u8) ?? root.IntegerOf("top_k"u8),
            ReturnDocuments = root.FlagOf("return_documents"u8),
            MaxTokensPerDocument = root.IntegerOf("max_tokens_per_doc"u8),
        };
        foreach (var each in root.ArrayOf("documents"u8).Each())
        {
            request.Documents.Add(each.ValueKind is JsonValueKind.String or JsonValueKind.Object
                ? RawJson.Of(each)
                : throw new RequestFormatException($"'documents[{request.Documents.Count}]' must be a string or an object.", $"documents[{request.Documents.Count}]"));
        }

        if (request.Documents.Count == 0)
            throw new RequestFormatException("Missing required parameter: 'documents'.", "documents");
        UnknownMembers.Collect(root, Wire, "", Known, request.Extras);
        return request;
    }

    public void WriteRequest(IBufferWriter<byte> output, RerankRequest request, TargetTraits target, DroppedMembers dropped)
    {
        var isCohere = wire == Operation.CohereRerank;
        using var json = WireJson.Writer(output);
        json.WriteStartObject();
        json.WriteText("model"u8, target.Model);
        json.WriteText("query"u8, request.Query);
        json.WriteStartArray("documents"u8);
        foreach (var document in request.Documents)
        {
            if (isCohere)
                json.WriteTextValue(TextOf(document));
            else
                document.WriteTo(json);
        }

        json.WriteEndArray();
        if (request.TopN is { } most)
            json.WriteNumber(target.ProviderKind.StartsWith("voyage", StringComparison.Ordinal) ? "top_k"u8 : "top_n"u8, most);
        if (request.ReturnDocuments is { } repeat && !isCohere) // the gateway repeats them itself
            json.WriteBoolean("return_documents"u8, repeat);
        if (request.MaxTokensPerDocument is { } tokens)
        {
            if (isCohere)
                json.WriteNumber("max_tokens_per_doc"u8, tokens);
            else
                dropped.Add("max_tokens_per_doc");
        }

        UnknownMembers.WriteOwn(json, request.Extras, Wire);
        json.WriteEndObject();
        dropped.AddForeign(request.Extras, Wire);
    }

    public RerankReply? ReadReply(ReadOnlyMemory<byte> body)
    {
        using var document = WireJson.Parse(body);
        var root = document.RootElement;
        var results = root.Get("results"u8).ValueKind == JsonValueKind.Array ? root.Get("results"u8) : root.Get("data"u8);
        if (results.ValueKind != JsonValueKind.Array)
            return null;
        var meta = root.Get("meta"u8);
        var reply = new RerankReply
        {
            Id = root.Text("id"u8),
            Model = root.Text("model"u8),
            Usage = RerankUsage.Tokens(meta) ?? RerankUsage.Tokens(root.Get("usage"u8)),
            SearchUnits = RerankUsage.SearchUnits(meta),
        };
        foreach (var result in results.EnumerateArray())
        {
            if (result.Integer("index"u8) is not { } index || (result.Number("relevance_score"u8) ?? result.Number("score"u8)) is not { } score)
                return null;
            reply.Results.Add(new RerankResult(index, score, result.Raw("document"u8)));
        }

        try
        {
            UnknownMembers.Collect(root, Wire, "", KnownOfReply, reply.Extras);
        }
        catch (RequestFormatException)
        {
            return null; // it is the provider's fault
        }

        return reply;
    }

    public void WriteReply(IBufferWriter<byte> output, RerankReply reply, RerankEnvelope envelope)
    {
        using var json = WireJson.Writer(output);
        json.WriteStartObject();
        json.WriteText("id"u8, reply.Id ?? envelope.RequestId);
        json.WriteText("model"u8, reply.Model ?? envelope.Model);
        json.WriteStartArray("results"u8);
        foreach (var result in reply.Results)
            WriteResult(json, result, envelope.Request);
        json.WriteEndArray();
        json.WriteStartObject("meta"u8);
        json.WriteStartObject("api_version"u8);
        json.WriteString("version"u8, "2"u8);
        json.WriteEndObject();
        json.WriteStartObject("billed_units"u8);
        if (reply.SearchUnits is { } units)
            json.WriteNumber("search_units"u8, units);
        else if (reply.Usage is { } billed)
            json.WriteNumber("input_tokens"u8, billed.Input);
        json.WriteEndObject();
        json.WriteEndObject();
        if (reply.Usage is { } usage)
        {
            json.WriteStartObject("usage"u8);
            json.WriteNumber("total_tokens"u8, usage.Input);
            json.WriteEndObject();
        }

        UnknownMembers.WriteOwn(json, reply.Extras, Wire);
        json.WriteEndObject();
    }

    private static void WriteResult(Utf8JsonWriter json, RerankResult result, RerankRequest request)
    {
        json.WriteStartObject();
        json.WriteNumber("index"u8, result.Index);
        json.WriteNumber("relevance_score"u8, result.Score);
        var document = result.Document.IsMissing && result.Index >= 0 && result.Index < request.Documents.Count ? request.Documents[(int)result.Index] : result.Document;
        if (request.ReturnDocuments == true && !document.IsMissing)
        {
            json.WritePropertyName("document"u8);
            if (IsText(document))
            {
                json.WriteStartObject();
                json.WriteRaw("text"u8, document);
                json.WriteEndObject();
            }
            else
            {
                document.WriteTo(json);
            }
        }

        json.WriteEndObject();
    }

    private static bool IsText(RawJson document) => document.Utf8.Span[0] == (byte)'"';

    /// <summary>A document as text: an object's own text where it has one, otherwise its JSON.</summary>
    private static string TextOf(RawJson document)
    {
        using var parsed = document.Parse();
        return parsed.RootElement.Text() ?? parsed.RootElement.Text("text"u8) ?? document.ToString();
    }
}
