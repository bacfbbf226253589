using System.Text;
using System.Text.Json;
using Gateway.Dialects;
using Gateway.Protocol;
using Gateway.Transport;

namespace Gateway.Tests.Dialects;

/// <summary>Every wire's limit of output tokens: read where it is, and written where it may be.</summary>
public sealed class OutputLimitTests
{
    private static readonly TargetTraits Target = new() { Model = "m", ProviderKind = "openai" };

    [Theory]
    [InlineData(nameof(Operation.ChatCompletions), """{"model":"m","max_tokens":7,"messages":[]}""", 7L, "max_tokens")]
    [InlineData(nameof(Operation.ChatCompletions), """{"max_completion_tokens" : 7 ,"model":"m","messages":[]}""", 7L, "max_completion_tokens")]
    [InlineData(nameof(Operation.ChatCompletions), """{"model":"m","max_tokens":null,"messages":[]}""", null, "max_tokens")]
    [InlineData(nameof(Operation.ChatCompletions), """{"model":"m","max_tokens":-1,"messages":[]}""", null, "max_tokens")]
    [InlineData(nameof(Operation.ChatCompletions), """{"model":"m","max_output_tokens":1,"messages":[]}""", null, "max_completion_tokens")]
    [InlineData(nameof(Operation.Completions), """{"model":"m","prompt":"x","max_tokens":9}""", 9L, "max_tokens")]
    [InlineData(nameof(Operation.Completions), """{"model":"m","prompt":"x"}""", null, "max_tokens")]
    [InlineData(nameof(Operation.Responses), """{"model":"m","input":"x","max_output_tokens":5}""", 5L, "max_output_tokens")]
    [InlineData(nameof(Operation.Responses), """{"model":"m","input":"x"}""", null, "max_output_tokens")]
    [InlineData(nameof(Operation.Messages), """{"model":"m","max_tokens":4096,"messages":[]}""", 4096L, "max_tokens")]
    [InlineData(nameof(Operation.InvokeModel), """{"max_tokens":8,"messages":[]}""", 8L, "max_tokens")]
    [InlineData(nameof(Operation.GenerateContent), """{"contents":[],"generationConfig":{"temperature":1,"maxOutputTokens":3}}""", 3L, "generationConfig.maxOutputTokens")]
    [InlineData(nameof(Operation.GenerateContent), """{"contents":[],"generationConfig":{"temperature":1}}""", null, "generationConfig.maxOutputTokens")]
    [InlineData(nameof(Operation.GenerateContent), """{"contents":[],"generationConfig":{}}""", null, "generationConfig.maxOutputTokens")]
    [InlineData(nameof(Operation.GenerateContent), """{"contents":[],"generationConfig":null}""", null, "generationConfig.maxOutputTokens")]
    [InlineData(nameof(Operation.GenerateContent), """{"contents":[]}""", null, "generationConfig.maxOutputTokens")]
    [InlineData(nameof(Operation.Converse), """{"messages":[],"inferenceConfig":{"maxTokens":11}}""", 11L, "inferenceConfig.maxTokens")]
    [InlineData(nameof(Operation.Converse), """{"messages":[],"inferenceConfig":{"topP":1}}""", null, "inferenceConfig.maxTokens")]
    [InlineData(nameof(Operation.Converse), """{"messages":[]}""", null, "inferenceConfig.maxTokens")]
    [InlineData(nameof(Operation.CohereChat), """{"model":"m","messages":[],"max_tokens":12}""", 12L, "max_tokens")]
    [InlineData(nameof(Operation.CohereChat), """{"model":"m","messages":[]}""", null, "max_tokens")]
    [InlineData(nameof(Operation.OllamaChat), """{"model":"m","messages":[],"options":{"seed":1,"num_predict":13}}""", 13L, "options.num_predict")]
    [InlineData(nameof(Operation.OllamaChat), """{"model":"m","messages":[],"options":{"num_predict":-1}}""", null, "options.num_predict")]
    [InlineData(nameof(Operation.OllamaChat), """{"model":"m","messages":[]}""", null, "options.num_predict")]
    public async Task ReadRequest_WithOrWithoutALimit_IsReadAndCanBeTold(string operation, string body, long? asked, string path)
    {
        var dialect = DialectRegistry.For(Enum.Parse<Operation>(operation))!;
        var facts = new RequestFacts { Model = body.Contains("\"model\"", StringComparison.Ordinal) ? "" : "m" };
        Assert.Null(dialect.ReadRequest(Encoding.UTF8.GetBytes(body), facts));
        Assert.Equal(asked, facts.MaxOutputTokens);

        using var json = JsonDocument.Parse(await ToldAsync(dialect, body, facts));
        var at = json.RootElement;
        foreach (var name in path.Split('.'))
            at = at.GetProperty(name);
        Assert.Equal(42, at.GetInt64());
        Assert.Equal(json.RootElement.EnumerateObject().Count(), json.RootElement.EnumerateObject().Select(member => member.Name).Distinct().Count());
    }

    [Theory]
    [InlineData(nameof(Operation.ChatCompletions), """{"model":"m","max_tokens":7,"max_tokens":8}""")]
    [InlineData(nameof(Operation.Messages), """{"model":"m","max_tokens":7,"max_tokens":8}""")]
    [InlineData(nameof(Operation.GenerateContent), """{"contents":[],"generationConfig":{"maxOutputTokens":3,"max_output_tokens":4}}""")]
    [InlineData(nameof(Operation.Converse), """{"messages":[],"inferenceConfig":{"maxTokens":1},"inferenceConfig":{"maxTokens":1}}""")]
    [InlineData(nameof(Operation.Converse), """{"messages":[],"inferenceConfig":{"maxTokens":1,"maxTokens":2}}""")]
    [InlineData(nameof(Operation.CohereChat), """{"model":"m","max_tokens":7,"max_tokens":8}""")]
    [InlineData(nameof(Operation.OllamaChat), """{"model":"m","options":{"num_predict":7},"options":{}}""")]
    public void ReadRequest_LimitTwice_IsRefused(string operation, string body) =>
        Assert.Equal(400, DialectRegistry.For(Enum.Parse<Operation>(operation))!.ReadRequest(Encoding.UTF8.GetBytes(body), new RequestFacts { Model = body.Contains("\"model\"", StringComparison.Ordinal) ? "" : "m" })!.Kind.Status);

    [Fact]
    public void ReadRequest_BothOfChatsLimits_CountsTheLargerAndLeavesThem()
    {
        var facts = new RequestFacts();
        Assert.Null(DialectRegistry.For(Operation.ChatCompletions)!.ReadRequest("""{"model":"m","max_tokens":7,"max_completion_tokens":9}"""u8, facts));
        Assert.Equal(9, facts.MaxOutputTokens);
        Assert.Equal(OutputLimitKind.None, facts.OutputLimit.Kind);
    }

    [Fact]
    public void ReadRequest_BestOf_IsWhatIsGenerated()
    {
        var facts = new RequestFacts();
        Assert.Null(DialectRegistry.For(Operation.Completions)!.ReadRequest("""{"model":"m","prompt":["a","b"],"n":2,"best_of":5}"""u8, facts));
        Assert.Equal((4, 10), (facts.Choices, facts.Generations));
    }

    private static async Task<byte[]> ToldAsync(IDialect dialect, string body, RequestFacts facts)
    {
        var place = facts.OutputLimit;
        using var content = new SplicedContent(Encoding.UTF8.GetBytes(body), third: new Splice(place.Start, place.Length, dialect.OutputLimitBytes(place.Kind, 42, Target)));
        using var written = new MemoryStream();
        await content.CopyToAsync(written);
        return written.ToArray();
    }
}
