using System.Text;
using Gateway.Dialects;
using Gateway.Dialects.OpenAiResponses;

namespace Gateway.Tests.Dialects.OpenAi;

public class ResponsesFinishTests
{
    [Theory]
    [InlineData("""{"status":"completed","incomplete_details":null,"output":[]}""", "stop")]
    [InlineData("""{"status":"incomplete","incomplete_details":{"reason":"max_output_tokens"},"output":[]}""", "length")]
    [InlineData("""{"status":"incomplete","incomplete_details":{"reason":"content_filter"},"output":[]}""", "content_filter")]
    [InlineData("""{"incomplete_details":{"reason":"content_filter"},"output":[],"status":"incomplete"}""", "content_filter")]
    [InlineData("""{"status":"queued","output":[]}""", null)]
    public void TryReadReply_Status_GivesFinishReason(string body, string? expected)
    {
        var facts = new ReplyFacts();
        Assert.True(new OpenAiResponsesDialect().TryReadReply(Encoding.UTF8.GetBytes(body), facts));
        Assert.Equal(expected, facts.FinishReason);
    }
}
