using System.Diagnostics;
using System.Text;
using CsCheck;
using Gateway.Metering;

namespace Gateway.Tests.Metering;

public sealed class TokenEstimatorTests
{
    private static readonly TokenEstimator Estimator = new();

    [Theory]
    [InlineData("", 0)]
    [InlineData("hello world", 2)]
    [InlineData("The quick brown fox jumps over the lazy dog.", 10)]
    public void CountText_KnownText_IsExact(string text, long tokens)
    {
        Assert.Equal(tokens, Estimator.CountText(text));
        Assert.Equal(tokens, Estimator.CountText(Encoding.UTF8.GetBytes(text)));
    }

    [Fact]
    public void CountText_LoneSurrogatesAndInvalidUtf8_Count()
    {
        Assert.InRange(Estimator.CountText("ab\ud800cd\udc00"), 2, 12);
        Assert.InRange(Estimator.CountText([0x61, 0xff, 0xc3, 0x28, 0xe2, 0x82]), 2, 20);
    }

    [Fact]
    public void CountText_GiantUnbrokenRun_IsBounded()
    {
        var started = Stopwatch.GetTimestamp();
        var tokens = Estimator.CountText(new string('a', 20 << 20));

        Assert.InRange(tokens, 1 << 20, 20 << 20);
        Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task CountText_FirstUseByManyThreads_Agrees()
    {
        var fresh = new TokenEstimator();

        var counts = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => fresh.CountText("one two three"))));

        Assert.All(counts, count => Assert.Equal(3, count));
    }

    [Theory]
    [InlineData("""{"model":"embed","texts":["TEXT","TEXT"]}""", 2)]
    [InlineData("""{"model":"rerank","query":"TEXT","documents":["TEXT",{"text":"TEXT"}]}""", 3)]
    [InlineData("""{"content":{"parts":[{"text":"TEXT"}]},"taskType":"RETRIEVAL_QUERY"}""", 1)]
    [InlineData("""{"requests":[{"model":"models/gemini-embedding-001","content":{"parts":[{"text":"TEXT"}]}}]}""", 1)]
    public void EstimateInput_EmbeddingsAndReranking_CountTheirTexts(string body, int texts)
    {
        const string text = "The quick brown fox jumps over the lazy dog.";
        Assert.InRange(Estimate(body.Replace("TEXT", text, StringComparison.Ordinal)), texts * 10, (texts * 10) + 8);
    }

    [Fact]
    public void EstimateInput_ImagesBesideAText_AreNotReadAsText()
    {
        var image = new string('A', 100_000);
        var body = $$"""{"model":"llava","messages":[{"role":"user","content":"What?","images":["{{image}}","{{image}}"]}]}""";
        Assert.InRange(Estimate(body), 2 * TokenEstimator.TokensPerMedium, (2 * TokenEstimator.TokensPerMedium) + 20);
    }

    [Fact]
    public void EstimateInput_Chat_CountsTextAndOverhead()
    {
        var text = "You are a helpful assistant that answers briefly.";
        var body = $$"""{"model":"gpt-4o","messages":[{"role":"system","content":"{{text}}"},{"role":"user","content":[{"type":"text","text":"{{text}}"}]}],"temperature":0.5,"user":"{{new string('x', 500)}}"}""";

        var plain = Estimator.CountText(text);

        Assert.InRange(Estimate(body), (2 * plain) + 8, (2 * plain) + 14);
    }

    [Fact]
    public void EstimateInput_ResponsesAndPrompts_CountText()
    {
        Assert.InRange(Estimate("""{"input":"hello world","instructions":"be brief"}"""), 4, 8);
        Assert.InRange(Estimate("""{"input":[{"role":"user","content":[{"type":"input_text","text":"hello world"}]}]}"""), 4, 8);
        Assert.InRange(Estimate("""{"prompt":["hello world","hello world"]}"""), 4, 8);
        Assert.Equal(5, Estimate("""{"input":[1,2,3,4,5]}"""));
    }

    [Fact]
    public void EstimateInput_ImagesAndAudio_CountAsConstants()
    {
        var base64 = new string('A', 2 << 20);
        var image = $$$"""{"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,{{{base64}}}","detail":"high"}}]}]}""";
        var link = """{"input":[{"role":"user","content":[{"type":"input_image","image_url":"https://example.com/a.png"}]}]}""";
        var audio = $$$"""{"messages":[{"role":"user","content":[{"type":"input_audio","input_audio":{"data":"{{{base64}}}","format":"wav"}}]}]}""";

        Assert.All([image, link, audio], body => Assert.InRange(Estimate(body), TokenEstimator.TokensPerMedium, TokenEstimator.TokensPerMedium + 10));
    }

    [Fact]
    public void EstimateInput_Tools_CountTheirDefinitions()
    {
        var without = Estimate("""{"messages":[{"role":"user","content":"hi"}]}""");
        var with = Estimate("""{"messages":[{"role":"user","content":"hi"}],"tools":[{"type":"function","function":{"name":"get_weather","description":"Gets the weather of a city","parameters":{"type":"object"}}}]}""");

        Assert.InRange(with - without, 15, 60);
    }

    [Fact]
    public void EstimateInput_GiantText_IsExtrapolated()
    {
        var text = string.Join(' ', Enumerable.Repeat("hello world", 200_000));
        var body = $$"""{"messages":[{"role":"user","content":"{{text}}"}]}""";

        Assert.InRange(Estimate(body), 390_000, 420_000);
    }

    [Theory]
    [InlineData("")]
    [InlineData("not json")]
    [InlineData("[1,2]")]
    [InlineData("{\"messages\":[{\"content\":\"cut he")]
    [InlineData("{\"messages\":[{\"content\":\"\\ud83d lone \\udc00\"}]}")]
    [InlineData("{\"messages\":{\"content\":null}}")]
    [InlineData("{\"messages\":7,\"input\":true}")]
    public void EstimateInput_BrokenBody_DoesNotThrow(string body) => Assert.InRange(Estimate(body), 0, 30);

    [Fact]
    public void EstimateInput_AnyBytes_DoesNotThrow()
    {
        var prefix = "{\"messages\":[{\"content\":\""u8.ToArray();
        Gen.Byte.Array[0, 200].Sample(bytes => Assert.True(Estimator.EstimateInput([.. prefix, .. bytes]) >= 0), iter: 500);
    }

    private static long Estimate(string body) => Estimator.EstimateInput(Encoding.UTF8.GetBytes(body));
}
