using System.Buffers;
using System.Text;
using System.Text.Json;
using Gateway.Dialects;
using Gateway.Dialects.Cohere;
using Gateway.Dialects.CohereEmbeddings;
using Gateway.Dialects.GeminiEmbeddings;
using Gateway.Dialects.Ollama;
using Gateway.Dialects.OllamaEmbeddings;
using Gateway.Dialects.OpenAiEmbeddings;
using Gateway.Metering;
using Gateway.Protocol;
using Gateway.Protocol.Embeddings;
using Gateway.Tests.Testing;

namespace Gateway.Tests.Dialects.Embeddings;

public class EmbeddingCodecTests
{
    private static readonly float[][] Vectors = [[0.5f, -0.25f, 1, 0], [0.125f, 2, -3.5f, 0.1f]];

    private static readonly Dictionary<string, IEmbeddingCodec> Codecs = new()
    {
        ["openai"] = new OpenAiEmbeddingCodec(),
        ["cohere"] = new CohereEmbeddingCodec(),
        ["gemini-batch"] = new GeminiEmbeddingCodec(isBatch: true),
        ["gemini"] = new GeminiEmbeddingCodec(isBatch: false),
        ["ollama"] = new OllamaEmbeddingCodec(),
    };

    public static TheoryData<string, string> Pairs
    {
        get
        {
            var pairs = new TheoryData<string, string>();
            foreach (var client in Codecs.Keys)
            {
                foreach (var provider in Codecs.Keys)
                    pairs.Add(client, provider);
            }

            return pairs;
        }
    }

    [Theory]
    [InlineData("openai", "openai-request", "text-embedding-3-small")]
    [InlineData("cohere", "cohere-request", "embed-v4.0")]
    [InlineData("gemini", "gemini-request", "gemini-embedding-001")]
    [InlineData("gemini-batch", "gemini-batch-request", "models/gemini-embedding-001")]
    [InlineData("ollama", "ollama-request", "all-minilm")]
    public void Request_ReadAndWritten_IsTheSame(string wire, string file, string model)
    {
        var golden = GoldenFile.Text($"embeddings/{file}.json");
        var (body, dropped) = Write(Codecs[wire], Read(Codecs[wire], golden), model);
        JsonSame.Assert(golden, body);
        Assert.Empty(dropped.Paths);
    }

    [Theory]
    [InlineData("openai", "openai-reply", 2)]
    [InlineData("cohere", "cohere-reply", 2)]
    [InlineData("gemini-batch", "gemini-batch-reply", null)]
    public void Reply_ReadAndWritten_IsTheSame(string wire, string file, int? tokens)
    {
        var golden = GoldenFile.Text($"embeddings/{file}.json");
        var reply = Codecs[wire].ReadReply(Encoding.UTF8.GetBytes(golden))!;
        Assert.Equal(tokens, (int?)reply.Usage?.Input);
        JsonSame.Assert(golden, Reply(Codecs[wire], reply, Asked(EmbeddingForms.Floats)));
    }

    /// <summary>Every wire to every other: the request arrives with its inputs, the reply with its numbers.</summary>
    [Theory]
    [MemberData(nameof(Pairs))]
    public void Exchange_BetweenAnyTwoWires_KeepsInputsAndVectors(string client, string provider)
    {
        var count = client == "gemini" || provider == "gemini" ? 1 : 2;
        var asked = Asked(EmbeddingForms.None, count);
        var request = Read(Codecs[client], Write(Codecs[client], asked, "m").Body);
        var sent = Read(Codecs[provider], Write(Codecs[provider], request, "target").Body);
        Assert.Equal(asked.Inputs.Select(i => i.PlainText), sent.Inputs.Select(i => i.PlainText));
        Assert.Equal(asked.Dimensions, sent.Dimensions);

        var answer = new EmbeddingReply { Usage = new TokenUsage(7, 0) };
        answer.Vectors.AddRange(Vectors.Take(count).Select(v => EmbeddingVector.Of(v)));
        var answered = Codecs[provider].ReadReply(Encoding.UTF8.GetBytes(Reply(Codecs[provider], answer, sent)))!;
        var received = Codecs[client].ReadReply(Encoding.UTF8.GetBytes(Reply(Codecs[client], answered, request)))!;
        Assert.Equal(Vectors.Take(count), received.Vectors.Select(v => v.ToFloats()));
        Assert.Equal(7, received.Usage?.Input);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void WriteReply_ClientWantsOneForm_GetsItWhateverCame(bool cameAsBase64)
    {
        var reply = new EmbeddingReply();
        reply.Vectors.Add(cameAsBase64 ? new EmbeddingVector(RandomChat.Raw("\"AAAAPwAAgL4AAIA/AAAAAA==\"")) : EmbeddingVector.Of(Vectors[0]));
        Assert.Contains("\"embedding\":[0.5,-0.25,1,0]", Reply(Codecs["openai"], reply, Asked(EmbeddingForms.Floats)), StringComparison.Ordinal);
        Assert.Contains("\"embedding\":\"AAAAPwAAgL4AAIA/AAAAAA==\"", Reply(Codecs["openai"], reply, Asked(EmbeddingForms.Base64)), StringComparison.Ordinal);
    }

    [Fact]
    public void WriteReply_BothFormsAsked_CohereGivesBoth()
    {
        var reply = new EmbeddingReply();
        reply.Vectors.Add(EmbeddingVector.Of(Vectors[0]));
        Assert.Contains(
            """{"float":[[0.5,-0.25,1,0]],"base64":["AAAAPwAAgL4AAIA/AAAAAA=="]}""",
            Reply(Codecs["cohere"], reply, Asked(EmbeddingForms.Floats | EmbeddingForms.Base64)),
            StringComparison.Ordinal);
    }

    [Fact]
    public void WriteReply_SameForm_KeepsTheProvidersDigits()
    {
        var reply = Codecs["cohere"].ReadReply("""{"embeddings":{"float":[[0.012345678901234567, 1e-3]]}}"""u8.ToArray())!;
        Assert.Contains("[0.012345678901234567, 1e-3]", Reply(Codecs["openai"], reply, Asked(EmbeddingForms.Floats)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"AAAA\"")]  // three bytes
    [InlineData("\"*\"")]
    [InlineData("[1,\"a\"]")]
    public void ToFloats_NoVector_SaysSo(string json) =>
        Assert.Throws<JsonException>(() => new EmbeddingVector(RandomChat.Raw(json)).ToFloats());

    [Theory]
    [InlineData("cohere")]
    [InlineData("gemini-batch")]
    [InlineData("ollama")]
    public void WriteRequest_TokenIds_AreRefusedWhereTheyMeanNothing(string provider)
    {
        var request = Read(Codecs["openai"], """{"model":"m","input":[[1,2],[3]]}""");
        Assert.Equal("input[0]", Assert.Throws<RequestFormatException>(() => Write(Codecs[provider], request, "m")).Param);
    }

    [Theory]
    [InlineData("\"one\"", 1)]
    [InlineData("[\"one\",\"two\"]", 2)]
    [InlineData("[1,2,3]", 1)]
    [InlineData("[[1],[2]]", 2)]
    public void ReadRequest_OpenAisFourForms_AreAllRead(string input, int count) =>
        Assert.Equal(count, Read(Codecs["openai"], $"{{\"model\":\"m\",\"input\":{input}}}").Inputs.Count);

    [Fact]
    public void WriteRequest_ImagesWithText_GoToGeminiInline()
    {
        var request = Read(Codecs["cohere"], GoldenFile.Text("embeddings/cohere-request-images.json"));
        Assert.Equal(
            """{"requests":[{"model":"models/m","content":{"parts":[{"text":"a cat"},{"inlineData":{"mimeType":"image/png","data":"iVBORw0KGgo="}}]}}]}""",
            Write(Codecs["gemini-batch"], request, "m").Body);
    }

    [Fact]
    public void WriteRequest_Task_IsSaidWhereThereIsAWordForIt()
    {
        var request = Read(Codecs["gemini"], GoldenFile.Text("embeddings/gemini-request.json").Replace("RETRIEVAL_DOCUMENT", "SEMANTIC_SIMILARITY", StringComparison.Ordinal));
        var (cohere, dropped) = Write(Codecs["cohere"], request, "m");
        Assert.Contains("\"input_type\":\"clustering\"", cohere, StringComparison.Ordinal);
        Assert.Equal(["input_type (as clustering)", "title"], dropped.Paths);
        Assert.Equal(["input_type", "title"], Write(Codecs["openai"], request, "m").Dropped.Paths);
    }

    [Fact]
    public void OllamasOldForm_IsReadAndAnsweredInKind()
    {
        var request = Read(Codecs["ollama"], GoldenFile.Text("embeddings/ollama-legacy-request.json"));
        Assert.True(request.IsSingle);
        var reply = Codecs["ollama"].ReadReply(GoldenFile.Bytes("embeddings/ollama-legacy-reply.json"))!;
        JsonSame.Assert(GoldenFile.Text("embeddings/ollama-legacy-reply.json"), Reply(Codecs["ollama"], reply, request));
    }

    [Fact]
    public void ReadReply_OutOfOrder_IsPutInOrder()
    {
        var reply = Codecs["openai"].ReadReply("""{"data":[{"index":1,"embedding":[2]},{"index":0,"embedding":[1]}]}"""u8.ToArray())!;
        Assert.Equal(["[1]", "[2]"], reply.Vectors.Select(v => v.Json.ToString()));
    }

    [Theory]
    [InlineData("openai-reply", 2)]
    [InlineData("cohere-reply", 2)]
    [InlineData("gemini-batch-reply", null)]
    [InlineData("ollama-reply", 8)]
    public void TryReadReply_OfTheRelay_FindsUsage(string file, int? tokens)
    {
        IDialect dialect = file.Split('-')[0] switch
        {
            "openai" => new OpenAiEmbeddingsDialect(),
            "cohere" => new CohereEmbeddingDialect(new CohereDialect()),
            "gemini" => new GeminiEmbeddingDialect(new CohereDialect(), isBatch: true),
            _ => new OllamaEmbeddingDialect(new OllamaDialect()),
        };
        var facts = new ReplyFacts();
        Assert.True(dialect.TryReadReply(GoldenFile.Bytes($"embeddings/{file}.json"), facts));
        Assert.Equal(tokens, (int?)facts.Usage?.Input);
        Assert.False(dialect.TryReadReply("{\"error\":\"x\"}"u8, new ReplyFacts()));
        Assert.False(dialect.TryReadReply("<html>"u8, new ReplyFacts()));
        Assert.NotNull(dialect.EmbeddingCodec);
    }

    [Fact]
    public void ReadRequest_Stream_IsRefused() =>
        Assert.Equal("stream", new CohereEmbeddingDialect(new CohereDialect()).ReadRequest("""{"model":"m","stream":true}"""u8, new RequestFacts())?.Param);

    [Fact]
    public void CorrectReply_PackedThoughNumbersWereAsked_IsUnpacked()
    {
        using var corrected = new OpenAiEmbeddingsDialect().CorrectReply("""{"data":[{"embedding":"AAAAPwAAgL4AAIA/AAAAAA==","index":0}]}"""u8, new RequestFacts());
        Assert.Equal("""{"data":[{"embedding":[0.5,-0.25,1,0],"index":0}]}""", Encoding.UTF8.GetString(corrected!.WrittenSpan));
        Assert.Null(new OpenAiEmbeddingsDialect().CorrectReply("""{"data":[{"embedding":[1]}]}"""u8, new RequestFacts()));
    }

    private static EmbeddingRequest Asked(EmbeddingForms forms, int count = 2)
    {
        var request = new EmbeddingRequest { Model = "m", Forms = forms, Dimensions = 4 };
        request.Inputs.AddRange(new[] { "one", "two" }.Take(count).Select(t => new EmbeddingInput { Text = t }));
        return request;
    }

    private static EmbeddingRequest Read(IEmbeddingCodec codec, string body) => codec.ReadRequest(Encoding.UTF8.GetBytes(body), new RequestFacts { Model = "m" });

    private static (string Body, DroppedMembers Dropped) Write(IEmbeddingCodec codec, EmbeddingRequest request, string model)
    {
        var output = new ArrayBufferWriter<byte>();
        var dropped = new DroppedMembers();
        codec.WriteRequest(output, request, CodecRig.Target(model), dropped);
        return (Encoding.UTF8.GetString(output.WrittenSpan), dropped);
    }

    private static string Reply(IEmbeddingCodec codec, EmbeddingReply reply, EmbeddingRequest request)
    {
        var output = new ArrayBufferWriter<byte>();
        codec.WriteReply(output, reply, new EmbeddingEnvelope { RequestId = "req-1", Model = "m", Request = request });
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
