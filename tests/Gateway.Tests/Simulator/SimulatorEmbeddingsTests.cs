using System.Runtime.InteropServices;
using System.Text.Json;
using OpenAI.Embeddings;

namespace Gateway.Tests.Simulator;

/// <summary>Embeddings through the official SDK and on the wire.</summary>
public sealed class SimulatorEmbeddingsTests(SimulatorFixture simulator) : IClassFixture<SimulatorFixture>
{
    [Fact]
    public async Task Embed_Texts_GivesDeterministicUnitVectors()
    {
        OpenAIEmbeddingCollection reply = await simulator.OpenAi.GetEmbeddingClient("embed").GenerateEmbeddingsAsync(["one", "two", "one"]);

        Assert.Equal(3, reply.Count);
        Assert.Equal([0, 1, 2], reply.Select(embedding => embedding.Index));
        var vectors = reply.Select(embedding => embedding.ToFloats().ToArray()).ToArray();
        Assert.All(vectors, vector => Assert.Equal(1536, vector.Length));
        Assert.All(vectors, vector => Assert.Equal(1, vector.Sum(x => (double)x * x), 4));
        Assert.Equal(vectors[0], vectors[2]);
        Assert.NotEqual(vectors[0], vectors[1]);
        Assert.Equal(3, reply.Usage.InputTokenCount);
    }

    [Fact]
    public async Task Embed_Dimensions_AreHonoured()
    {
        OpenAIEmbedding reply = await simulator.OpenAi.GetEmbeddingClient("embed").GenerateEmbeddingAsync("x", new EmbeddingGenerationOptions { Dimensions = 7 });

        Assert.Equal(7, reply.ToFloats().Length);
    }

    [Fact]
    public async Task Embed_TokenArrays_AreOneVectorEach()
    {
        OpenAIEmbeddingCollection reply = await simulator.OpenAi.GetEmbeddingClient("embed").GenerateEmbeddingsAsync(
            [new ReadOnlyMemory<int>([1, 2, 3]), new ReadOnlyMemory<int>([4])]);

        Assert.Equal(2, reply.Count);
        Assert.Equal(4, reply.Usage.InputTokenCount);
    }

    [Fact]
    public async Task Embed_FloatAndBase64_AreTheSameVector()
    {
        var floats = await simulator.PostJsonAsync("/embeddings", """{"model":"embed","input":"tide","dimensions":64}""");
        var base64 = await simulator.PostJsonAsync("/embeddings", """{"model":"embed","input":"tide","dimensions":64,"encoding_format":"base64"}""");

        var numbers = floats.GetProperty("data")[0].GetProperty("embedding").EnumerateArray().Select(value => value.GetSingle()).ToArray();
        var bytes = base64.GetProperty("data")[0].GetProperty("embedding").GetBytesFromBase64();
        Assert.Equal(numbers, MemoryMarshal.Cast<byte, float>(bytes).ToArray());
        Assert.Equal("list", floats.GetProperty("object").GetString());
        Assert.Equal("embedding", floats.GetProperty("data")[0].GetProperty("object").GetString());
    }

    [Fact]
    public async Task Embed_OneTokenArray_IsOneVector()
    {
        var reply = await simulator.PostJsonAsync("/embeddings", """{"model":"embed","input":[5,6,7],"dimensions":4}""");

        Assert.Equal(1, reply.GetProperty("data").GetArrayLength());
        Assert.Equal(JsonValueKind.Array, reply.GetProperty("data")[0].GetProperty("embedding").ValueKind);
        Assert.Equal(3, reply.GetProperty("usage").GetProperty("total_tokens").GetInt32());
    }
}
