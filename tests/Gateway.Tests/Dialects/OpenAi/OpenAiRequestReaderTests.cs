using System.Text;
using Gateway.Dialects;
using Gateway.Dialects.OpenAi;
using Gateway.Errors;

namespace Gateway.Tests.Dialects.OpenAi;

public class OpenAiRequestReaderTests
{
    [Theory]
    [InlineData("""{"model":"m","stream":true}""", UsageSpliceKind.InsertMember, false)]
    [InlineData("""{"model":"m","stream":true,"stream_options":null}""", UsageSpliceKind.ReplaceValue, false)]
    [InlineData("""{"model":"m","stream":true,"stream_options":{}}""", UsageSpliceKind.InsertOnlyField, false)]
    [InlineData("""{"model":"m","stream":true,"stream_options":{"include_obfuscation":false}}""", UsageSpliceKind.InsertField, false)]
    [InlineData("""{"model":"m","stream_options":{"include_usage":false},"stream":true}""", UsageSpliceKind.ReplaceFlag, false)]
    [InlineData("""{"model":"m","stream":true,"stream_options":{"include_usage":true}}""", UsageSpliceKind.None, true)]
    [InlineData("""{"model":"m","stream":false}""", UsageSpliceKind.None, false)]
    [InlineData("""{"model":"m"}""", UsageSpliceKind.None, false)]
    public void Read_StreamOptions_SaysWhatToSplice(string body, object kind, bool wantsUsage)
    {
        var facts = new RequestFacts();
        Assert.Null(OpenAiRequestReader.Read(Encoding.UTF8.GetBytes(body), facts, usesStreamOptions: true));
        Assert.Equal(kind, facts.StreamUsage.Kind);
        Assert.Equal(wantsUsage, facts.WantsStreamUsage);
    }

    [Theory]
    [InlineData("""{"messages":[]}""", "missing_parameter")]
    [InlineData("""{"model":7}""", "invalid_parameter")]
    [InlineData("""{"model":""}""", "invalid_parameter")]
    [InlineData("""{"model":"a\u0000b"}""", "invalid_parameter")]
    [InlineData("""{"model":"\ud800"}""", "invalid_parameter")]
    [InlineData("""{"model":"a","model":"b"}""", "invalid_parameter")]
    [InlineData("""{"model":"a","mod\u0065l":"b"}""", "invalid_parameter")]
    [InlineData("""{"model":"a","stream":"yes"}""", "invalid_parameter")]
    [InlineData("""{"model":"a","stream_options":[]}""", "invalid_parameter")]
    [InlineData("""{"model":"a"} {}""", "invalid_json")]
    [InlineData("""{"model":"a",}""", "invalid_json")]
    [InlineData("""["model"]""", "invalid_json")]
    [InlineData("", "invalid_json")]
    [InlineData("{\"model\":\"a\"", "invalid_json")]
    public void Read_BadBody_SaysWhatIsWrong(string body, string code)
    {
        var error = OpenAiRequestReader.Read(Encoding.UTF8.GetBytes(body), new RequestFacts(), usesStreamOptions: true);
        Assert.Equal(code, error?.Code);
        Assert.Equal(400, error?.Kind.Status);
        Assert.Equal(ErrorBlame.Client, error?.Kind.Blame);
    }

    [Fact]
    public void Read_NestedMembersOfTheSameName_AreNotTheRequests()
    {
        var body = """{"messages":[{"model":"no","stream":true}],"metadata":{"model":"no","stream_options":7},"model":"yes"}"""u8;
        var facts = new RequestFacts();
        Assert.Null(OpenAiRequestReader.Read(body, facts, usesStreamOptions: true));
        Assert.Equal("yes", facts.Model);
        Assert.False(facts.Stream);
        Assert.Equal("\"yes\"", Encoding.UTF8.GetString(body.Slice(facts.ModelStart, facts.ModelLength)));
    }

    [Fact]
    public void Read_LoneSurrogateInAMessage_IsNotTheGatewaysBusiness()
    {
        var facts = new RequestFacts();
        Assert.Null(OpenAiRequestReader.Read("""{"model":"m","messages":[{"role":"user","content":"\ud83d"}]}"""u8, facts, usesStreamOptions: true));
    }
}
