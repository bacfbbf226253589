using System.Buffers;
using System.Text;
using Gateway.Dialects;
using Gateway.Dialects.Cohere;
using Gateway.Dialects.Rerank;
using Gateway.Protocol;
using Gateway.Protocol.Rerank;
using Gateway.Tests.Testing;

namespace Gateway.Tests.Dialects.Rerank;

public class RerankCodecTests
{
    private static readonly RerankCodec Codec = new(Operation.Rerank);
    private static readonly RerankCodec Cohere = new(Operation.CohereRerank);

    [Fact]
    public void Request_ReadAndWritten_IsTheSame()
    {
        var golden = GoldenFile.Text("rerank/cohere-request.json");
        var (body, dropped) = Write(Read(golden), "rerank-v3.5", "cohere");
        JsonSame.Assert(golden, body);
        Assert.Empty(dropped.Paths);
    }

    [Theory]
    [InlineData("cohere-reply", 1, null)]
    [InlineData("jina-reply", null, 815)]
    [InlineData("voyage-reply", null, 26)]
    public void ReadReply_Anyones_HasResultsAndCost(string file, int? units, int? tokens)
    {
        var bytes = GoldenFile.Bytes($"rerank/{file}.json");
        var reply = Codec.ReadReply(bytes)!;
        Assert.Equal(1, reply.Results[0].Index);
        Assert.InRange(reply.Results[0].Score, 0.89, 1);
        Assert.Equal((units, tokens), ((int?)reply.SearchUnits, (int?)reply.Usage?.Input));

        var facts = new ReplyFacts();
        Assert.True(new RerankDialect(new CohereDialect(), Operation.Rerank).TryReadReply(bytes, facts));
        Assert.Equal((units, tokens), ((int?)facts.SearchUnits, (int?)facts.Usage?.Input));
    }

    [Fact]
    public void WriteRequest_Voyage_SaysTopK() =>
        Assert.Contains("\"top_k\":1", Write(Read(GoldenFile.Text("rerank/cohere-request.json")), "rerank-2.5", "voyage").Body, StringComparison.Ordinal);

    [Fact]
    public void WriteRequest_ObjectsToCohere_AreText()
    {
        var request = Read("""{"model":"m","query":"q","documents":[{"text":"one"},{"title":"two"},"three"],"return_documents":true}""");
        Assert.Equal("""{"model":"m","query":"q","documents":["one","{\"title\":\"two\"}","three"]}""", Write(request, "m", "cohere").Body);
        Assert.Equal("""{"model":"m","query":"q","documents":[{"text":"one"},{"title":"two"},"three"],"return_documents":true}""", Write(request, "m", "vllm").Body);
    }

    [Fact]
    public void WriteReply_DocumentsWanted_AreRepeatedFromTheRequest()
    {
        var request = Read("""{"model":"m","query":"q","documents":["zero",{"title":"one"}],"return_documents":true}""");
        var output = new ArrayBufferWriter<byte>();
        Codec.WriteReply(output, Codec.ReadReply(GoldenFile.Bytes("rerank/cohere-reply.json"))!, new RerankEnvelope { RequestId = "r", Model = "m", Request = request });
        Assert.Equal(
            """{"id":"07734bd2-2473-4f07-94e1-0d9f0e6843cf","model":"m","results":[{"index":1,"relevance_score":0.999071,"document":{"title":"one"}},{"index":0,"relevance_score":0.32713068,"document":{"text":"zero"}}],"meta":{"api_version":{"version":"2"},"billed_units":{"search_units":1}}}""",
            Encoding.UTF8.GetString(output.WrittenSpan));
    }

    [Theory]
    [InlineData("""{"model":"m","documents":["a"]}""", "query")]
    [InlineData("""{"model":"m","query":"q"}""", "documents")]
    [InlineData("""{"model":"m","query":"q","documents":[1]}""", "documents[0]")]
    public void ReadRequest_Bad_NamesTheMember(string body, string param) =>
        Assert.Equal(param, Assert.Throws<RequestFormatException>(() => Read(body)).Param);

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"results":[{"index":0}]}""")]
    public void ReadReply_NoReply_IsNull(string body) => Assert.Null(Codec.ReadReply(Encoding.UTF8.GetBytes(body)));

    private static RerankRequest Read(string body) => Codec.ReadRequest(Encoding.UTF8.GetBytes(body), new RequestFacts());

    private static (string Body, DroppedMembers Dropped) Write(RerankRequest request, string model, string kind)
    {
        var output = new ArrayBufferWriter<byte>();
        var dropped = new DroppedMembers();
        (kind == "cohere" ? Cohere : Codec).WriteRequest(output, request, CodecRig.Target(model, kind), dropped);
        return (Encoding.UTF8.GetString(output.WrittenSpan), dropped);
    }
}
