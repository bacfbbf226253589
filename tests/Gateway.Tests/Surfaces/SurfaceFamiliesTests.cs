using Gateway.Surfaces;

namespace Gateway.Tests.Surfaces;

public class SurfaceFamiliesTests
{
    [Theory]
    [InlineData("/anthropic/v1/models", false, false, "Anthropic")]
    [InlineData("/v1/messages/batches", false, false, "Anthropic")]
    [InlineData("/litellm/v1/messages", false, false, "Anthropic")]
    [InlineData("/v1/models", true, false, "Anthropic")]
    [InlineData("/v1/models", false, true, "Gemini")]
    [InlineData("/v1beta/files", false, false, "Gemini")]
    [InlineData("/genai/v1/nothing", false, false, "Gemini")]
    [InlineData("/v1/models/m:generateContent", false, false, "Gemini")]
    [InlineData("/langchain/models/m:generateContent", false, false, "Gemini")]
    [InlineData("/bedrock/model/x/converse", false, false, "Bedrock")]
    [InlineData("/cohere/v1/models", false, false, "Cohere")]
    [InlineData("/ollama/api/generate", false, false, "Ollama")]
    [InlineData("/openai/v1/models", true, false, "OpenAi")]
    [InlineData("/openai/deployments/a:b/chat/completions", false, false, "OpenAi")]
    [InlineData("/v1/models/ollama/llama3:8b", false, false, "OpenAi")]
    [InlineData("/v1/chat/completions", false, false, "OpenAi")]
    [InlineData("/ollamas", false, false, "OpenAi")]
    [InlineData("/admin/ledger", false, false, "OpenAi")]
    public void Of_PathAndHeaders_IsTheApiMeant(string path, bool anthropic, bool google, string expected) =>
        Assert.Equal(expected, SurfaceFamilies.Of(path, anthropic, google).ToString());
}
