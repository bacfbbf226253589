using System.Text;
using Gateway.Routing.Fallbacks;
using Gateway.Transport;

namespace Gateway.Tests.Routing.Fallbacks;

public class FallbackMemberTests
{
    [Theory]
    [InlineData("""{"model":"a","fallbacks":["b","c"],"messages":[]}""", """{"model":"a","messages":[]}""")]
    [InlineData("""{ "fallbacks" : [ "b" , {"model":"c"} ] ,  "model":"a" }""", """{ "model":"a" }""")]
    [InlineData("""{"model":"a", "models": ["b","c"] }""", """{"model":"a" }""")]
    [InlineData("""{"fallbacks":["b","c"]}""", "{}")]
    [InlineData("{\"model\":\"a\"\n,\n\"fallbacks\"\n:[\"b\",\"c\"]\n,\"x\":{\"fallbacks\":1}}", "{\"model\":\"a\"\n,\"x\":{\"fallbacks\":1}}")]
    public async Task Body_WithoutTheMember_IsOtherwiseTheSameBytes(string body, string without)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        var member = Assert.Single(FallbackMember.FindAll(bytes));
        using var content = new SplicedContent(bytes, cutStart: member.Start, cutLength: member.Length);
        Assert.Equal(without, await content.ReadAsStringAsync());
        Assert.Equal(Encoding.UTF8.GetByteCount(without), content.Headers.ContentLength);
        Assert.Equal(["b", "c"], member.Names(bytes));
    }

    [Theory]
    [InlineData("""{"model":"a","messages":[{"content":"\"models\" and \"fallbacks\""}]}""")]
    [InlineData("""{"model":"a","tools":[{"fallbacks":["b"],"models":[]}]}""")]
    [InlineData("""{"model":"a","x":"models"}""")]
    [InlineData("{}")]
    public void Body_NoMemberOfItsOwn_HasNone(string body) => Assert.Empty(FallbackMember.FindAll(Encoding.UTF8.GetBytes(body)));

    [Theory]
    [InlineData("null")]
    [InlineData("\"b\"")]
    [InlineData("[1]")]
    [InlineData("[\"\"]")]
    [InlineData("[{\"model\":1}]")]
    [InlineData("[{\"model\":\"b\",\"temperature\":1}]")]
    [InlineData("{\"a\":[\"b\"]}")]
    public void Names_OfSomethingElse_AreNone(string value)
    {
        var body = Encoding.UTF8.GetBytes("{\"model\":\"a\",\"fallbacks\":" + value + "}");
        Assert.Null(Assert.Single(FallbackMember.FindAll(body)).Names(body));
    }

    [Fact]
    public async Task Splices_AtOnePlace_AreInsertedBeforeWhatIsTakenOut()
    {
        var body = Encoding.UTF8.GetBytes("""{"fallbacks":["b"],"model":"a"}""");
        var member = Assert.Single(FallbackMember.FindAll(body));
        using var content = new SplicedContent(
            body, new Splice(27, 3, "\"m\""u8.ToArray()), new Splice(1, 0, "\"x\":1,"u8.ToArray()), new Splice(1, 0, "\"y\":2,"u8.ToArray()), member.Start, member.Length);
        Assert.Equal("""{"x":1,"y":2,"model":"m"}""", await content.ReadAsStringAsync());
    }
}
