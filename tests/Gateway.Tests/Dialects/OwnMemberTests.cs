using System.Text;
using Gateway.Dialects;
using Gateway.Protocol;

namespace Gateway.Tests.Dialects;

/// <summary>Every reader of bodies that name their model notes a member that is for the gateway alone.</summary>
public class OwnMemberTests
{
    [Theory]
    [InlineData(""" "fallbacks":["b"] """, true)]
    [InlineData(""" "models":null """, true)]
    [InlineData(""" "f\u0061llbacks":[] """, false)]
    [InlineData(""" "fallback":["b"] """, false)]
    [InlineData(""" "x":{"models":1,"y":"fallbacks"} """, false)]
    public void ReadRequest_Member_IsNoted(string member, bool isNoted)
    {
        foreach (var operation in (Operation[])[Operation.ChatCompletions, Operation.Responses, Operation.Embeddings, Operation.Messages, Operation.CohereChat, Operation.OllamaChat, Operation.Rerank])
        {
            foreach (var body in (string[])[$$"""{"model":"a",{{member}}}""", $$"""{{{member}},"model":"a"}"""])
            {
                var facts = new RequestFacts();
                Assert.Null(DialectRegistry.For(operation)!.ReadRequest(Encoding.UTF8.GetBytes(body), facts));
                Assert.True(facts.ModelLength > 0);
                Assert.Equal((operation, isNoted), (operation, facts.MayHoldOwnMember));
            }
        }
    }
}
