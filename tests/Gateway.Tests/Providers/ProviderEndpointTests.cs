using Gateway.Providers;

namespace Gateway.Tests.Providers;

public class ProviderEndpointTests
{
    private const string Gemini = "/v1beta/models/{model}:{generateContent|streamGenerateContent?alt=sse}";

    [Theory]
    [InlineData("https://h", Gemini, "m", false, "https://h/v1beta/models/m:generateContent")]
    [InlineData("https://h", Gemini, "m", true, "https://h/v1beta/models/m:streamGenerateContent?alt=sse")]
    [InlineData("https://h/v1beta", Gemini, "m", false, "https://h/v1beta/models/m:generateContent")]
    [InlineData("https://h", "/model/{model}/{converse|converse-stream}", "us.anthropic.claude-3:0", true, "https://h/model/us.anthropic.claude-3%3A0/converse-stream")]
    [InlineData("https://h", "/model/{model}/invoke", "arn:aws:bedrock:eu-west-1:1:inference-profile/x", false, "https://h/model/arn%3Aaws%3Abedrock%3Aeu-west-1%3A1%3Ainference-profile%2Fx/invoke")]
    [InlineData("https://h", "/model/{model}/invoke", "a?b#c d/../e", false, "https://h/model/a%3Fb%23c%20d%2F..%2Fe/invoke")]
    [InlineData("https://h", "/model/{model}/invoke", "..", false, "https://h/model/%252E%252E/invoke")]
    [InlineData("https://h/v1", "/v1/chat/completions", "m", true, "https://h/v1/chat/completions")]
    [InlineData("https://h", "/openai/deployments/{model}/chat/completions?api-version=2024-10-21", "d", false, "https://h/openai/deployments/d/chat/completions?api-version=2024-10-21")]
    public void For_ModelAndStream_FillTheTemplate(string baseUrl, string template, string model, bool stream, string expected)
    {
        var endpoint = new ProviderEndpoint(new Uri(baseUrl), template);
        Assert.Null(ProviderEndpoint.Fault(template));
        Assert.Equal(expected, endpoint.For(model, stream).AbsoluteUri);
        Assert.Equal(("h", 443), (endpoint.Host, endpoint.Port));
    }

    [Theory]
    [InlineData("/v1/chat/completions")]
    [InlineData(Gemini)]
    public void For_TheSameAgain_IsTheSameObject(string template)
    {
        var endpoint = new ProviderEndpoint(new Uri("https://h"), template);
        Assert.Same(endpoint.For("m", true), endpoint.For("m", true));
        Assert.Same(endpoint.For("m", false), endpoint.For("m", false));
    }

    [Fact]
    public void For_MoreModelsThanAreKept_StillAnswers()
    {
        var endpoint = new ProviderEndpoint(new Uri("https://h"), Gemini);
        for (var i = 0; i <= ProviderEndpoint.LargestCache; i++) endpoint.For($"m{i}", stream: false);
        Assert.NotSame(endpoint.For("one-more", false), endpoint.For("one-more", false));
        Assert.Equal("https://h/v1beta/models/one-more:generateContent", endpoint.For("one-more", false).AbsoluteUri);
    }

    [Fact]
    public void Path_OfATemplate_IsShownAsWritten() =>
        Assert.Equal("/proxy" + Gemini, new ProviderEndpoint(new Uri("https://h:8443/proxy"), Gemini).Path);

    [Theory]
    [InlineData("v1/chat")]
    [InlineData("/")]
    [InlineData("/v1/")]
    [InlineData("/a b")]
    [InlineData("/a#b")]
    [InlineData("/ä")]
    [InlineData("/a/{modl}/b")]
    [InlineData("/a/{model")]
    [InlineData("/a/model}")]
    [InlineData("/a/{a|b|c}")]
    public void Fault_NoTemplate_IsNamed(string template) => Assert.NotNull(ProviderEndpoint.Fault(template));
}
