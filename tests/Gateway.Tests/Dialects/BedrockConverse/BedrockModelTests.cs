using Gateway.Dialects.BedrockConverse;
using Gateway.Protocol;
using Gateway.Tests.Testing;

namespace Gateway.Tests.Dialects.BedrockConverse;

public class BedrockModelTests
{
    [Theory]
    [InlineData("anthropic.claude-3-5-sonnet-20241022-v2:0", "Anthropic", 305, "None")]
    [InlineData("us.anthropic.claude-3-7-sonnet-20250219-v1:0", "Anthropic", 307, "Budget")]
    [InlineData("anthropic.claude-opus-4-20250514-v1:0", "Anthropic", 400, "Budget")]
    [InlineData("global.anthropic.claude-haiku-4-5-20251001-v1:0", "Anthropic", 405, "Budget")]
    [InlineData("us-gov.anthropic.claude-sonnet-4-5-20250929-v1:0", "Anthropic", 405, "Budget")]
    [InlineData("anthropic.claude-opus-4-6-v1", "Anthropic", 406, "Either")]
    [InlineData("anthropic.claude-opus-4-7", "Anthropic", 407, "Adaptive")]
    [InlineData("jp.anthropic.claude-sonnet-5", "Anthropic", 500, "Adaptive")]
    [InlineData("anthropic.claude-fable-5", "Anthropic", 500, "Adaptive")]
    [InlineData("anthropic.claude-mythos-preview", "Anthropic", 500, "Adaptive")]
    [InlineData("anthropic.claude-v2:1", "Anthropic", 200, "None")]
    [InlineData("anthropic.claude-instant-v1", "Anthropic", 200, "None")]
    [InlineData("anthropic.claude-3-haiku-20240307-v1:0", "Anthropic", 300, "None")]
    [InlineData("arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-sonnet-4-6", "Anthropic", 406, "Either")]
    [InlineData("arn:aws:bedrock:us-east-1:123456789012:inference-profile/eu.anthropic.claude-opus-4-7", "Anthropic", 407, "Adaptive")]
    [InlineData("amazon.nova-pro-v1:0", "Nova", 100, "None")]
    [InlineData("us.amazon.nova-2-lite-v1:0", "Nova", 200, "None")]
    [InlineData("openai.gpt-oss-120b-1:0", "OpenAi", 0, "None")]
    [InlineData("deepseek.v3-v1:0", "DeepSeek", 300, "None")]
    [InlineData("us.deepseek.r1-v1:0", "DeepSeek", 100, "None")]
    [InlineData("mistral.mistral-large-2407-v1:0", "Mistral", 0, "None")]
    [InlineData("mistral.ministral-3-8b-instruct", "OpenWeights", 0, "None")]
    [InlineData("qwen.qwen3-32b-v1:0", "OpenWeights", 0, "None")]
    [InlineData("us.meta.llama4-scout-17b-instruct-v1:0", "Other", 0, "None")]
    [InlineData("arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc123", "Other", 0, "None")]
    public void Of_Id_SaysFamilyAndVersion(string id, string family, int version, string thinking)
    {
        var model = BedrockModel.Of(CodecRig.Target(id));
        Assert.Equal((family, version, thinking), (model.Family.ToString(), model.Version, model.Thinking.ToString()));
    }

    [Fact]
    public void Of_OpaqueProfileOfAnthropic_IsTakenForClaude()
    {
        var model = BedrockModel.Of(CodecRig.Target("arn:aws:bedrock:us-east-1:1:application-inference-profile/abc", vendor: ReasoningOrigin.Anthropic));
        Assert.Equal((BedrockFamily.Anthropic, false, true), (model.Family, model.TakesTextFormat, model.TakesNamedTool));
    }
}
