using Gateway.Providers;
using Gateway.Providers.Profiles;

namespace Gateway.Tests.Providers;

public class EndpointAddressTests
{
    [Theory]
    [InlineData("https://h/v1", "/chat/completions", "https://h/v1/chat/completions")]
    [InlineData("https://h/v1/", "/v1/chat/completions", "https://h/v1/chat/completions")]
    [InlineData("https://h", "/v1/chat/completions", "https://h/v1/chat/completions")]
    [InlineData("https://h/openai/v1", "/openai/v1/responses", "https://h/openai/v1/responses")]
    [InlineData("https://h:8443/proxy/openai", "/openai/v1/responses", "https://h:8443/proxy/openai/v1/responses")]
    [InlineData("https://h/a%2Fb", "/c", "https://h/a%2Fb/c")]
    public void Join_SharedSegments_AreWrittenOnce(string baseUrl, string path, string expected) =>
        Assert.Equal(expected, EndpointAddress.Join(new Uri(baseUrl), path).AbsoluteUri);

    [Theory]
    [InlineData("0.0.0.0", "http://localhost:11434/")]
    [InlineData("0.0.0.0:8000", "http://localhost:8000/")]
    [InlineData(":9000", "http://localhost:9000/")]
    [InlineData("box", "http://box:11434/")]
    [InlineData("box:80", "http://box/")]
    [InlineData("[::]:11434", "http://localhost:11434/")]
    [InlineData("http://box", "http://box/")]
    [InlineData(" https://box/ollama/ ", "https://box/ollama/")]
    public void ParseLoose_HostAsServersWriteIt_IsCallable(string written, string expected)
    {
        Assert.Null(EndpointAddress.ParseLoose(written, new BareHostProfile("http", 11434), out var uri));
        Assert.Equal(expected, uri!.AbsoluteUri);
    }

    [Theory]
    [InlineData("box")]
    [InlineData("/path")]
    [InlineData("file:///etc/passwd")]
    [InlineData("http://user:password@host")]
    [InlineData("http://host?query=1")]
    [InlineData("http://")]
    public void Parse_AnythingElse_IsRefused(string written)
    {
        var fault = EndpointAddress.Parse(written, out var uri);
        Assert.NotNull(fault);
        Assert.Null(uri);
        Assert.DoesNotContain("password@", fault, StringComparison.Ordinal);
    }
}
