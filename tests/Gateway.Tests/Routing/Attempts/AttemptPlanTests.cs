using Gateway.Providers;
using Gateway.Providers.Catalogue;
using Gateway.Routing.Policies;
using Gateway.Transport;

namespace Gateway.Tests.Routing.Attempts;

/// <summary>What follows what: the calls of one request, when each began, and what the client sees. Jitter is half of what it may be.</summary>
public class AttemptPlanTests
{
    [Theory]
    // A moment's trouble: once more after a pause, then the next.
    [InlineData("500 ok", "ok", "a+0 a+0.25", "ok by a")]
    [InlineData("500", "ok", "a+0 a+0.25 b+0.25", "ok by b")]
    [InlineData("502", "500", "a+0 a+0.25 b+0.25 b+0.5", "provider_error")]
    [InlineData("408", "ok", "a+0 a+0.25 b+0.25", "ok by b")]
    [InlineData("reset", "ok", "a+0 a+0.25 b+0.25", "ok by b")]
    [InlineData("refused", "ok", "a+0 a+0.25 b+0.25", "ok by b")]
    [InlineData("cut", "ok", "a+0 a+0.25 b+0.25", "ok by b")]
    [InlineData("500/1 ok", "ok", "a+0 a+1.125", "ok by a")]
    [InlineData("500/2 ok", "ok", "a+0 b+0", "ok by b")]
    // Not now: the next at once.
    [InlineData("503", "ok", "a+0 b+0", "ok by b")]
    [InlineData("529", "ok", "a+0 b+0", "ok by b")]
    [InlineData("504", "ok", "a+0 b+0", "ok by b")]
    [InlineData("404", "ok", "a+0 b+0", "ok by b")]
    [InlineData("401", "ok", "a+0 b+0", "ok by b")]
    [InlineData("302", "ok", "a+0 b+0", "ok by b")]
    [InlineData("garbage", "ok", "a+0 b+0", "ok by b")]
    [InlineData("tls", "ok", "a+0 b+0", "ok by b")]
    [InlineData("silent", "ok", "a+0 b+5", "ok by b")]
    [InlineData("silent", "silent", "a+0 b+5", "first_token_timeout")]
    // Limited: a short wait on the same, otherwise the next, and the wait when that one can't serve.
    [InlineData("429/1 ok", "ok", "a+0 a+1.125", "ok by a")]
    [InlineData("429/0 ok", "ok", "a+0 a+0.25", "ok by a")]
    [InlineData("429/2 ok", "ok", "a+0 b+0", "ok by b")]
    [InlineData("429/4 ok", "503", "a+0 b+0 a+4.25", "ok by a")]
    [InlineData("429/4 ok", "silent", "a+0 b+0 a+5", "ok by a")]
    [InlineData("429/8 ok", "429/4 ok", "a+0 b+0 b+4.25", "ok by b")]
    [InlineData("429/30", "503", "a+0 b+0", "provider_rate_limited 30")]
    [InlineData("429/1", "ok", "a+0 a+1.125 b+1.125", "ok by b")]
    [InlineData("429", "ok", "a+0 b+0", "ok by b")]
    [InlineData("429 ok", "503", "a+0 b+0 a+0.25", "ok by a")]
    [InlineData("429", "429", "a+0 b+0 a+0.25 b+0.25", "provider_rate_limited 1")]
    // The client's to mend.
    [InlineData("400", "ok", "a+0", "provider_rejected_request")]
    [InlineData("422", "ok", "a+0", "provider_rejected_request")]
    [InlineData("400:content_filter", "ok", "a+0", "content_filter")]
    [InlineData("400:context_length_exceeded", "ok", "a+0", "context_length_exceeded")]
    [InlineData("400:unsupported_parameter:temperature", "ok", "a+0", "unsupported_parameter")]
    // The most telling of several.
    [InlineData("503/7", "404", "a+0 b+0", "provider_overloaded 7")]
    [InlineData("404", "503", "a+0 b+0", "provider_overloaded 1")]
    [InlineData("401", "503", "a+0 b+0", "provider_overloaded 1")]
    [InlineData("503", "400:bad", "a+0 b+0", "bad")]
    public void Course_OfTwoTargets_IsAsItShould(string a, string b, string calls, string seen)
    {
        var course = new AttemptCourse { Random = 0.5 }.Target("a", a).Target("b", b);
        Assert.Equal(seen, course.Run("a b"));
        Assert.Equal(calls, course.Calls[0]);
    }

    [Theory]
    [InlineData("429/2 ok", "a+0 a+2.25", "ok by a")]
    [InlineData("429/10 ok", "a+0 a+10.25", "ok by a")]
    [InlineData("429/11 ok", "a+0", "provider_rate_limited 11")]
    [InlineData("429/2", "a+0 a+2.25", "provider_rate_limited 2")]
    [InlineData("429 ok", "a+0 a+0.25", "ok by a")]
    [InlineData("silent ok", "a+0", "first_token_timeout")]
    [InlineData("503 ok", "a+0", "provider_overloaded 1")]
    public void Course_OfOneTarget_IsAsItShould(string a, string calls, string seen)
    {
        var course = new AttemptCourse { Random = 0.5 }.Target("a", a);
        Assert.Equal(seen, course.Run("a"));
        Assert.Equal(calls, course.Calls[0]);
    }

    [Fact]
    public void Wait_DeadlineTooNear_IsNotBegun()
    {
        var course = new AttemptCourse { Timeouts = new TimeoutPolicy { Total = TimeSpan.FromSeconds(2) } }.Target("a", "429/3 ok");
        Assert.Equal("provider_rate_limited 3", course.Run("a"));
        Assert.Equal("a+0", course.Calls[0]);
    }

    [Fact]
    public void CoolDown_OfAnotherRequest_IsKept()
    {
        var course = new AttemptCourse().Target("a", "429/30 ok").Target("b", "ok");
        Assert.Equal("ok by b", course.Run("a b"));
        Assert.Equal("ok by b", course.Run("a b"));
        Assert.Equal("targets_unavailable 30", course.Run("a"));
        course.Time.Advance(TimeSpan.FromSeconds(25));
        Assert.Equal("ok by a", course.Run("a"));
        Assert.Equal(["a+0 b+0", "b+0", "", "a+5"], course.Calls);
    }

    [Fact]
    public void Guess_OfTheGateway_CoolsNobodyDown()
    {
        var course = new AttemptCourse().Target("a", "503 ok");
        Assert.Equal("provider_overloaded 1", course.Run("a"));
        Assert.Equal("ok by a", course.Run("a"));
        Assert.Equal(["a+0", "a+0"], course.Calls);
    }

    [Fact]
    public void Calls_InAll_AreBounded()
    {
        var course = new AttemptCourse { Policy = new AttemptPolicy { Most = 99, MostPerTarget = 99 } };
        foreach (var name in "abcdefgh")
            course.Target(name.ToString(), "500");
        course.Run("a b c d e f g h");
        Assert.Equal(6, course.Calls[0].Split(' ').Length);
        course.MostAttempts = 2;
        course.Run("h g");
        Assert.Equal("h+0 h+0", course.Calls[1]);
    }

    [Fact]
    public void Calls_OfOneTarget_AreNoMoreThanTwoWithinASecondAndAHalf()
    {
        var course = new AttemptCourse { Policy = new AttemptPolicy { Most = 6, MostPerTarget = 3 } }.Target("a", "500");
        course.Run("a");
        Assert.Equal("a+0 a+0 a+1.5", course.Calls[0]);
    }

    [Fact]
    public void Place_ASecondOne_IsTheSameTarget()
    {
        var course = new AttemptCourse().Target("a", "silent").Target("b", "ok");
        Assert.Equal("ok by b", course.Run("a", "a", "b"));
        Assert.Equal("a+0 b+5", course.Calls[0]);
    }

    [Fact]
    public void ContextLength_LargerWindow_MayServe()
    {
        var course = new AttemptCourse()
            .Target("a", "400:context_length_exceeded", card: Card(8_000))
            .Target("same", "ok", card: Card(8_000))
            .Target("unknown", "ok")
            .Target("larger", "ok", card: Card(32_000));
        Assert.Equal("ok by larger", course.Run("a same unknown larger"));
        Assert.Equal(["same:WindowTooSmall", "unknown:WindowTooSmall"], course.Skipped);
        Assert.Equal("context_length_exceeded", course.Run("a same"));
    }

    [Theory]
    [InlineData("400:unsupported_parameter:tools", "tools")]
    [InlineData("400:::This_model_does_not_support_tools", "tools")]
    [InlineData("400:unsupported_value:reasoning_effort", "reasoning")]
    [InlineData("400:::thinking_is_not_supported_by_this_model", "reasoning")]
    [InlineData("400::response_format:response_format_is_not_supported_with_this_model", "json_schema")]
    public void Unsupported_TargetThatSaysItCan_MayServe(string refusal, string ability)
    {
        var course = new AttemptCourse()
            .Target("a", refusal)
            .Target("unknown", "ok")
            .Target("cannot", "ok", card: Card(1, "vision"))
            .Target("can", "ok", card: Card(1, ability));
        Assert.Equal("ok by can", course.Run("a unknown cannot can"));
        Assert.Equal("a+0 can+0", course.Calls[0]);
        Assert.Equal(["unknown:Unsupported", "cannot:Unsupported"], course.Skipped);
        Assert.StartsWith(refusal.Contains("unsupported_", StringComparison.Ordinal) ? "unsupported_" : "provider_rejected_request", course.Run("a unknown cannot"), StringComparison.Ordinal);
    }

    [Fact]
    public void Data_NotAllowedThere_IsNeverCalled()
    {
        var course = new AttemptCourse { Data = new DataPolicy(["eu"], []) }
            .Target("a", "503", provider: p => p with { Residency = "eu" })
            .Target("b", "ok", provider: p => p with { Residency = "us" })
            .Target("c", "ok");
        Assert.Equal("provider_overloaded 1", course.Run("a b c"));
        Assert.Equal("a+0", course.Calls[0]);
        Assert.Equal(["b:DataPolicy", "c:DataPolicy"], course.Skipped);
    }

    [Fact]
    public void Cost_OfWhatWasBilled_EndsTheCourse()
    {
        // 1,000 input and 100 output tokens at 1 and 10 dollars a million: 0.002 dollars each.
        var course = new AttemptCourse { Policy = new AttemptPolicy { MaxCostNanoUsd = 3_000_000 } };
        foreach (var name in "abcd")
            course.Target(name.ToString(), "garbled");
        Assert.Equal("provider_malformed_reply", course.Run("a b c d"));
        Assert.Equal("a+0 b+0", course.Calls[0]);
        Assert.Equal(["c:CostCap", "d:CostCap"], course.Skipped);
        foreach (var name in "abcd")
            course.Target(name.ToString(), "503");
        course.Run("a b c d");
        Assert.Equal("a+0 b+0 c+0 d+0", course.Calls[1]);
    }

    [Theory]
    [InlineData("401")]
    [InlineData("402")]
    [InlineData("403")]
    [InlineData("429")]
    [InlineData("429/60")]
    [InlineData("429:insufficient_quota")]
    public void Key_Refused_AnotherOfTheProviderIsUsedAndTheRefusedOneRests(string refusal)
    {
        var course = new AttemptCourse().Target("a", "ok", keys: ["x", "y"]).Target("b", "ok");
        course.Key("a", "x", refusal);
        for (var i = 0; i < 20; i++)
            Assert.Equal("ok by a", course.Run("a b"));
        Assert.InRange(course.Calls.Count(c => c.Contains("a.x", StringComparison.Ordinal)), 0, 1);
        course.Key("a", "x", "ok");
        course.Time.Advance(TimeSpan.FromMinutes(5));
        for (var i = 0; i < 60; i++)
            course.Run("a b");
        Assert.Contains(course.Calls[20..], c => c == "a.x+0");
    }

    [Fact]
    public void Keys_AllLimited_TheTargetRestsUntilTheFirstIsBack()
    {
        var course = new AttemptCourse().Target("a", "429/30", keys: ["x", "y"]).Target("b", "ok");
        Assert.Equal("ok by b", course.Run("a b"));
        Assert.Equal("ok by b", course.Run("a b"));
        Assert.Equal(2, course.Calls[0].Split(' ').Count(c => c.StartsWith("a.", StringComparison.Ordinal)));
        Assert.Equal("b+0", course.Calls[1]);
    }

    [Fact]
    public void Keys_ManyRefused_OthersAreAskedBeforeAThirdWithinTheSpan()
    {
        var course = new AttemptCourse { Policy = new AttemptPolicy { Most = 6 } }.Target("a", "401", keys: ["x", "y", "z"]).Target("b", "503");
        Assert.Equal("provider_overloaded 1", course.Run("a b"));
        var calls = course.Calls[0].Split(' ');
        Assert.Equal(4, calls.Length);
        Assert.Equal("b+0", calls[2]);
        Assert.EndsWith("+1.5", calls[3], StringComparison.Ordinal);
    }

    private static ModelCard Card(int window, params string[] abilities) => new("x", "m", "chat") { ContextWindow = window, Capabilities = abilities };
}
