using Gateway.Protocol;
using Gateway.Routing.Affinity;
using Gateway.Routing.Policies;

namespace Gateway.Tests.Routing.Affinity;

public class AffinityKeyTests
{
    private const string Hello = """{"model":"m","messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Hello"}]}""";

    [Fact]
    public void Of_NoPolicy_IsNothing() => Assert.Equal(0UL, Of(Hello, AffinityPolicy.None));

    [Theory]
    [InlineData(Hello, """{"model":"m","messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Hello"},{"role":"assistant","content":"Hi"},{"role":"user","content":"More"}],"stream":true}""", true)]
    [InlineData(Hello, """{"model":"m","messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Goodbye"}]}""", false)]
    [InlineData(Hello, """{"model":"m","messages":[{"role":"system","content":"Be long."},{"role":"user","content":"Hello"}]}""", false)]
    // Marks of caching move on with the conversation.
    [InlineData(
        """{"system":[{"type":"text","text":"S"}],"messages":[{"role":"user","content":[{"type":"text","text":"A","cache_control":{"type":"ephemeral"}}]}]}""",
        """{"messages":[{"role":"user","content":[{"type":"text","text":"A"}]},{"role":"assistant","content":"B"}],"system":[{"type":"text","text":"S","cache_control":{"type":"ephemeral","ttl":"1h"}}]}""", true)]
    [InlineData("""{"instructions":"S","input":"A"}""", """{"input":"A","instructions":"S","previous_response_id":null}""", true)]
    [InlineData("""{"instructions":"S","input":"A"}""", """{"instructions":"S","input":"B"}""", false)]
    [InlineData("""{"input":[{"role":"developer","content":"S"},{"role":"user","content":"A"}]}""", """{"input":[{"role":"developer","content":"S"},{"role":"user","content":"A"},{"type":"reasoning","id":"rs_1"}]}""", true)]
    [InlineData("""{"systemInstruction":{"parts":[{"text":"S"}]},"contents":[{"parts":[{"text":"A"}]}]}""", """{"systemInstruction":{"parts":[{"text":"S"}]},"contents":[{"parts":[{"text":"A"}]},{"role":"model","parts":[{"text":"B"}]}]}""", true)]
    [InlineData("""{"prompt_cache_key":"c","messages":[{"role":"user","content":"A"}]}""", """{"messages":[{"role":"user","content":"B"}],"prompt_cache_key":"c"}""", true)]
    public void Of_Prompt_IsTheSameForOneConversation(string one, string other, bool isSame)
    {
        var (first, second) = (Of(one, AffinityPolicy.Prompt), Of(other, AffinityPolicy.Prompt));
        Assert.NotEqual(0UL, first);
        Assert.Equal(isSame, first == second);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"model":"m","messages":[]}""")]
    [InlineData("""{"model":"m","metadata":{"text":"x"}}""")]
    [InlineData("""{"model":""")]
    public void Of_PromptWithoutBeginning_IsNothing(string body) => Assert.Equal(0UL, Of(body, AffinityPolicy.Prompt));

    [Fact]
    public void Of_User_IsTheNamedUserElseTheKey()
    {
        var ann = Of("""{"user":"ann","messages":[]}""", AffinityPolicy.User, "k1");
        Assert.NotEqual(ann, Of("""{"user":"bob","messages":[]}""", AffinityPolicy.User, "k1"));
        Assert.Equal(ann, Of("""{"messages":[{"role":"user","content":"x"}],"user":"ann"}""", AffinityPolicy.User, "k1"));
        Assert.Equal(ann, Of("""{"safety_identifier":"ann"}""", AffinityPolicy.User, "k1"));
        Assert.Equal(ann, Of("""{"metadata":{"x":1,"user_id":"ann"}}""", AffinityPolicy.User, "k1"));
        Assert.Equal(Of("{}", AffinityPolicy.User, "k1"), Of("""{"user":null,"metadata":{"user_id":7}}""", AffinityPolicy.User, "k1"));
        Assert.Equal(Of("{}", AffinityPolicy.User, "k1"), Of("{}", AffinityPolicy.Key, "k1"));
    }

    [Fact]
    public void Of_Header_IsItsValueOrNothing()
    {
        Assert.Equal(0UL, Of(Hello, AffinityPolicy.Header));
        using var one = AffinityRig.Request(Hello, AffinityPolicy.Header, prepare: c => c.With("x-session", "1"));
        using var other = AffinityRig.Request("{}", AffinityPolicy.Header, prepare: c => c.With("x-session", "1"));
        Assert.Equal(AffinityKey.Of(one), AffinityKey.Of(other));
        Assert.NotEqual(0UL, AffinityKey.Of(one));
    }

    [Theory]
    [InlineData(nameof(AffinityPolicy.User))]
    [InlineData(nameof(AffinityPolicy.Prompt))]
    [InlineData(nameof(AffinityPolicy.Key))]
    public void Of_TwoTenants_NeverTheSame(string name)
    {
        var policy = Enum.Parse<AffinityPolicy>(name);
        const string body = """{"user":"ann","messages":[{"role":"user","content":"Hello"}]}""";
        ulong[] all = [Of(body, policy, "k1"), Of(body, policy, "k2"), Of(body, policy, "k1", "c1"), Of(body, policy, "k1", "k1"), Of(body, policy, "k1", "c2")];
        Assert.Equal(all.Length, all.Distinct().Count());
    }

    [Theory]
    [InlineData(nameof(AffinityPolicy.User))]
    [InlineData(nameof(AffinityPolicy.Prompt))]
    public void Of_TwoKeysOfACustomer_AreOneTenant(string name)
    {
        var policy = Enum.Parse<AffinityPolicy>(name);
        const string body = """{"user":"ann","messages":[{"role":"user","content":"Hello"}]}""";
        Assert.Equal(Of(body, policy, "k1", "c"), Of(body, policy, "k2", "c"));
    }

    private static ulong Of(string body, AffinityPolicy policy, string key = "k", string? customer = null, Operation operation = Operation.ChatCompletions)
    {
        using var context = AffinityRig.Request(body, policy, key, customer, operation);
        return AffinityKey.Of(context);
    }
}
