using System.Text;
using Gateway.Protocol;
using Gateway.Surfaces;

namespace Gateway.Tests.Surfaces;

/// <summary>Which path means what: method, model and stream, as clients write them.</summary>
public sealed class SurfaceRoutesTests(SurfaceRig rig) : IClassFixture<SurfaceRig>
{
    [Theory]
    [InlineData("/v1/chat/completions", nameof(Operation.ChatCompletions))]
    [InlineData("/v1/responses", nameof(Operation.Responses))]
    [InlineData("/openai/v1/completions", nameof(Operation.Completions))]
    [InlineData("/openai/v1/embeddings", nameof(Operation.Embeddings))]
    [InlineData("/openai/responses?api-version=2025-04-01-preview", nameof(Operation.Responses))]
    [InlineData("/v1/messages", nameof(Operation.Messages))]
    [InlineData("/anthropic/v1/messages?beta=true", nameof(Operation.Messages))]
    [InlineData("/cohere/v2/chat", nameof(Operation.CohereChat))]
    [InlineData("/cohere/v2/embed", nameof(Operation.CohereEmbed))]
    [InlineData("/cohere/v2/rerank", nameof(Operation.CohereRerank))]
    [InlineData("/v1/rerank", nameof(Operation.Rerank))]
    [InlineData("/ollama/api/chat", nameof(Operation.OllamaChat))]
    [InlineData("/ollama/api/embed", nameof(Operation.OllamaEmbed))]
    [InlineData("/litellm/chat/completions", nameof(Operation.ChatCompletions))]
    [InlineData("/litellm/v1/messages", nameof(Operation.Messages))]
    [InlineData("/langchain/v1/responses", nameof(Operation.Responses))]
    public async Task Post_ModelInTheBody_LeavesModelAndStreamToIt(string path, string operation) =>
        Assert.Equal($"{operation}||False|False", await rig.PostAsync(path));

    [Theory]
    [InlineData("/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21", nameof(Operation.ChatCompletions), "gpt-4o")]
    [InlineData("/openai/deployments/groq/llama-3.3-70b/completions?api-version=2024-10-21", nameof(Operation.Completions), "groq/llama-3.3-70b")]
    [InlineData("/openai/deployments/openai%2Ftext-embedding-3-small/embeddings", nameof(Operation.Embeddings), "openai/text-embedding-3-small")]
    [InlineData("/genai/v1beta/models/gemini-2.5-flash:generateContent", nameof(Operation.GenerateContent), "gemini-2.5-flash")]
    [InlineData("/genai/v1beta/models/openai/gpt-4o:generateContent", nameof(Operation.GenerateContent), "openai/gpt-4o")]
    [InlineData("/genai/v1/models/ollama/llama3:8b:generateContent", nameof(Operation.GenerateContent), "ollama/llama3:8b")]
    [InlineData("/genai/v1beta/models/e:embedContent", nameof(Operation.EmbedContent), "e")]
    [InlineData("/v1beta/models/e:batchEmbedContents?key=x", nameof(Operation.BatchEmbedContents), "e")]
    [InlineData("/v1/models/gemini-2.5-flash:generateContent", nameof(Operation.GenerateContent), "gemini-2.5-flash")]
    [InlineData("/litellm/models/g:generateContent", nameof(Operation.GenerateContent), "g")]
    [InlineData("/langchain/v1beta/models/g:generateContent", nameof(Operation.GenerateContent), "g")]
    [InlineData("/genai/v1beta1/projects/p-1/locations/us-central1/publishers/google/models/g:generateContent", nameof(Operation.GenerateContent), "g")]
    [InlineData("/genai/v1beta1/projects/p-1/locations/us-central1/publishers/anthropic/models/claude-4:generateContent", nameof(Operation.GenerateContent), "anthropic/claude-4")]
    [InlineData("/genai/v1beta1/publishers/google/models/g:generateContent", nameof(Operation.GenerateContent), "g")]
    [InlineData("/bedrock/model/anthropic.claude-3-5-sonnet-v1%3A0/converse", nameof(Operation.Converse), "anthropic.claude-3-5-sonnet-v1:0")]
    [InlineData("/bedrock/model/bedrock%2Fus.anthropic.claude%3A0/invoke", nameof(Operation.InvokeModel), "bedrock/us.anthropic.claude:0")]
    [InlineData("/bedrock/model/arn%3Aaws%3Abedrock%3Aus-east-1%3A1%3Ainference-profile%2Fx/converse", nameof(Operation.Converse), "arn:aws:bedrock:us-east-1:1:inference-profile/x")]
    [InlineData("/bedrock/model/anthropic/claude/converse", nameof(Operation.Converse), "anthropic/claude")]
    public async Task Post_ModelInThePath_IsTaken(string path, string operation, string model) =>
        Assert.Equal($"{operation}|{model}|False|True", await rig.PostAsync(path));

    [Theory]
    [InlineData("/genai/v1beta/models/openai/gpt-4o:streamGenerateContent?alt=sse", nameof(Operation.GenerateContent), "openai/gpt-4o")]
    [InlineData("/v1/models/g:streamGenerateContent?alt=sse", nameof(Operation.GenerateContent), "g")]
    [InlineData("/bedrock/model/a.b%3A0/converse-stream", nameof(Operation.Converse), "a.b:0")]
    [InlineData("/bedrock/model/a.b%3A0/invoke-with-response-stream", nameof(Operation.InvokeModel), "a.b:0")]
    public async Task Post_VerbOfAStream_IsAStream(string path, string operation, string model) =>
        Assert.Equal($"{operation}|{model}|True|True", await rig.PostAsync(path));

    [Theory]
    [InlineData("/anthropic/v1/messages/count_tokens", "count|Messages|")]
    [InlineData("/v1/messages/count_tokens", "count|Messages|")]
    [InlineData("/genai/v1beta/models/openai/gpt-4o:countTokens", "count|GenerateContent|openai/gpt-4o")]
    [InlineData("/genai/v1beta1/publishers/google/models/g:countTokens", "count|GenerateContent|g")]
    public async Task Post_ToCount_GoesToTheOtherPipeline(string path, string expected) =>
        Assert.StartsWith(expected, await rig.PostAsync(path), StringComparison.Ordinal);

    [Theory]
    [InlineData("/genai/v1beta/models/:generateContent")]
    [InlineData("/genai/v1beta/models/g:otherThing")]
    [InlineData("/bedrock/model/a.b/converse-twice")]
    [InlineData("/bedrock/model//converse")]
    [InlineData("/openai/deployments/d/images")]
    [InlineData("/v1/models/gpt-4o")]
    public async Task Post_NoSuchPath_IsNotFound(string path) => Assert.Equal("none", await rig.PostAsync(path));

    [Fact]
    public async Task Get_ModelNextToAVerb_IsTheListing() => Assert.Equal("model a/b", await rig.Client.GetStringAsync("/v1/models/a/b"));

    [Fact]
    public void All_Patterns_AreThereOnce()
    {
        var patterns = SurfaceRoutes.All.Concat(SurfaceRoutes.Counts).Concat(SurfaceRoutes.Sockets).Select(r => r.Pattern).ToList();
        Assert.Equal(patterns.Count, patterns.Distinct().Count());
        Assert.Equal(Enum.GetValues<Operation>().Except([Operation.Files, Operation.Batches]).Order(), SurfaceRoutes.All.Concat(SurfaceRoutes.Sockets).Select(r => r.Operation).Distinct().Order());
    }
}
