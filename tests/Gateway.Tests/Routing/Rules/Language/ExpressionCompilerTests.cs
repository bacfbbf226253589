using Gateway.Routing.Rules;
using Gateway.Routing.Rules.Language;

namespace Gateway.Tests.Routing.Rules.Language;

public sealed class ExpressionCompilerTests
{
    private const string Body = """
        {"model":"gpt-4o-mini","stream":true,"max_tokens":100,"user":"ann","metadata":{"tier":"gold","n":7},
         "messages":[{"role":"user","content":"0123456789012345678901234567890123456789"}]}
        """;

    [Theory]
    [InlineData("request.model.startsWith(\"gpt\") && tokens.input > 8 && \"beta\" in caller.tags")]
    [InlineData("request.model == 'gpt-4o-mini'")]
    [InlineData("request.model != \"x\"")]
    [InlineData("request.model.endsWith('mini') && request.model.contains('-4o-')")]
    [InlineData("request.model.matches('^gpt-[0-9]o')")]
    [InlineData("request.model.glob('gpt-*-mini')")]
    [InlineData("request.model in ['a', 'gpt-4o-mini']")]
    [InlineData("request.model in ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'gpt-4o-mini']")]
    [InlineData("request.operation == 'chat' && request.stream && request.maxTokens == 100")]
    [InlineData("size(request.model) == 11 && request.model.size() == 11 && size(caller.tags) == 2 && caller.tags.size() > 1")]
    [InlineData("tokens.input == 10")]
    [InlineData("!request.hasTools && !request.hasImages && !request.hasFiles && !request.hasAudio && !request.jsonSchema")]
    [InlineData("request.user == 'ann' && request.metadata['tier'] == 'gold' && request.metadata.n == '7' && !('x' in request.metadata)")]
    [InlineData("request.headers['X-Team'] == 'red' && 'x-team' in request.headers && request.headers['none'] == ''")]
    [InlineData("'one' in request.tags && 'two' in request.tags && !('three' in request.tags)")]
    [InlineData("caller.key == 'k1' && caller.user == '' && caller.team == 'blue' && caller.customer == 'acme'")]
    [InlineData("caller.metadata['plan'] == 'gold' && caller.metadata.plan == 'gold' && caller.metadata[caller.key] == ''")]
    [InlineData("budget.used >= 80 && budget('monthly').used == 42.5 && budget('none').used == 0")]
    [InlineData("time.hour == 21 && time.minute == 30 && time.weekday == 'tuesday'")]
    [InlineData("time('Africa/Nairobi').hour == 0 && time('Africa/Nairobi').weekday in ['wednesday']")]
    [InlineData("time.ofDay >= timeOfDay('21:30') && time.ofDay < duration('21h31m') && time.ofDay + duration('30m') == duration('22h')")]
    [InlineData("health('up/m').available && health('up/m').latencyMs == 0 && health('up/m').inFlight == 0")]
    [InlineData("random >= 0 && random < 100 && random == random")]
    [InlineData("request.stream ? tokens.input < 11 : false")]
    [InlineData("(request.stream ? 1 : 2) + 3 * 4 - 6 / 2 == 10 && 7 % 4 == 3")]
    [InlineData("-tokens.input < -9 && - -1 == 1 && !!true")]
    [InlineData("8 < tokens.input && 10 <= tokens.input && 11 > tokens.input")]
    [InlineData("request.stream == true && request.hasTools == false && request.stream != request.hasTools")]
    [InlineData("true || false && false")]
    [InlineData("request.model > 'gpt' && request.model < 'h' && \"a\\u0062\\n\" == 'ab\\n'")]
    [InlineData("tokens.input in [1, 10, 100]")]
    [InlineData("1e3 == 1000 && 1.5 + 1.5 == 3")]
    public void Compile_Condition_HoldsOfTheRequest(string text)
    {
        using var rig = new RequestRig(Body, RequestRig.Key(tags: ["alpha", "beta"]), headers: [("x-team", "red"), ("x-gateway-tags", "one, two")]);
        rig.Budgets[""] = 80;
        rig.Budgets["monthly"] = 42.5;
        Assert.True(rig.Holds(text), text);
        Assert.False(rig.Holds($"!({text})"), text);
    }

    [Theory]
    [InlineData("", 0, "the end where a value belongs")]
    [InlineData("request.modle == 'x'", 8, "\"modle\", which is not known of request")]
    [InlineData("reqest.model == 'x'", 0, "\"reqest\", which is not known")]
    [InlineData("tokens.input > '8000'", 15, "compares a number with a text")]
    [InlineData("tokens.input", 0, "must be true or false, but is a number")]
    [InlineData("request", 0, "must be true or false, but is a name with members")]
    [InlineData("request.model.startsWith(8)", 25, "a number instead of a text")]
    [InlineData("request.model.startswith('a')", 14, "\"startswith\", which is not a method")]
    [InlineData("request.model.matches('(')", 22, "no regular expression")]
    [InlineData("request.model.matches('(a)\\\\1')", 22, "backreferences")]
    [InlineData("request.model.matches(caller.key)", 22, "pattern that is not constant")]
    [InlineData("caller.tags.contains('x')", 12, "\"x\" in list")]
    [InlineData("time.weekday == 'Monday'", 16, "which it never is")]
    [InlineData("request.operation in ['chat', 'chats']", 21, "which it never is")]
    [InlineData("time('Mars/Base').hour == 1", 5, "time zone that is not known")]
    [InlineData("health('nobody/x').available", 7, "target that does not exist")]
    [InlineData("time.ofDay > duration('9 hours')", 22, "duration that can't be read")]
    [InlineData("time.ofDay > timeOfDay('24:00')", 23, "time of day that can't be read")]
    [InlineData("time.ofDay > 9", 13, "compares a duration with a number")]
    [InlineData("tokens.input / 0 > 1", 15, "divides by 0")]
    [InlineData("tokens.input + request.model > 1", 15, "calculates with a text")]
    [InlineData("request.stream && tokens.input", 18, "where true or false belongs")]
    [InlineData("request.stream ? 1 : 'a'", 17, "both must be the same")]
    [InlineData("tokens.input in []", 16, "a list of nothing")]
    [InlineData("request.model in ['a', 1]", 23, "different types")]
    [InlineData("request.model in [request.user]", 18, "something else than constants")]
    [InlineData("request.model in 'abc'", 17, "after in stands a list or a map")]
    [InlineData("request.stream = true", 15, "write it twice")]
    [InlineData("request.stream & true", 15, "write it twice")]
    [InlineData("request.model == 'x", 17, "closing ' is missing")]
    [InlineData("request.model == 'a\\x'", 19, "escape that is not known")]
    [InlineData("(request.stream", 15, "\")\" belongs")]
    [InlineData("request.stream true", 15, "an operator or the end belongs")]
    [InlineData("tokens.input > 8k", 15, "goes on as a name")]
    [InlineData("tokens.input > 1e999", 15, "too large")]
    [InlineData("request.stream == null", 18, "where a value belongs")]
    [InlineData("unknown(1)", 0, "is not a function")]
    [InlineData("budget(request.model).used > 1", 7, "something else than a quoted text")]
    [InlineData("request.model['x'] == 'a'", 13, "only maps")]
    [InlineData("request.headers[1] == 'a'", 16, "names are texts")]
    [InlineData("!tokens.input", 1, "negates a number")]
    [InlineData("-request.stream", 1, "a minus before true or false")]
    [InlineData("request.stream < request.hasTools", 0, "compare numbers, durations or texts")]
    public void Compile_WhatIsWrong_IsReportedWhereItStands(string text, int position, string message)
    {
        var problem = Assert.Single(Problems(text));
        Assert.Equal(position, problem.Position);
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Compile_SeveralFaults_AreReportedAtOnce() =>
        Assert.Equal([8, 31, 51], Problems("request.modle == 'x' && tokens.inptu > 5 && caller.tim == 'y'").Select(p => p.Position));

    [Fact]
    public void Compile_TooLong_IsRefused() =>
        Assert.Contains("longer than 2000", Assert.Single(Problems("true" + new string(' ', 2_000))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("(", "true", ")")]
    [InlineData("!", "true", "")]
    [InlineData("true ? ", "true", " : true")]
    public void Compile_TooDeep_IsRefused(string open, string inner, string close)
    {
        string Nested(int depth) => string.Concat(Enumerable.Repeat(open, depth)) + inner + string.Concat(Enumerable.Repeat(close, depth));
        Assert.Empty(Problems(Nested(30)));
        Assert.Contains("nested deeper than 32", Assert.Single(Problems(Nested(60))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1 < 2 && 'a' != 'b'", true)]
    [InlineData("tokens.input > 5 && false", false)]
    [InlineData("tokens.input > 5 || true", true)]
    [InlineData("'gpt-4'.startsWith('gpt') && size('abc') == 3", true)]
    [InlineData("2 in [1, 2] && !('x' in ['y'])", true)]
    [InlineData("tokens.input > 5", null)]
    public void Compile_Constants_AreFolded(string text, bool? value) => Assert.Equal(value, RequestRig.Compile(text).Constant);

    [Fact]
    public void Holds_OneHeaderAskedForOften_IsLookedUpOnce()
    {
        using var rig = new RequestRig(headers: [("x-team", "red"), ("x-gateway-tags", "one, two")]);
        Assert.False(rig.Holds("request.headers['x-team'] == 'a' || request.headers['X-Team'].startsWith('b') || request.headers['x-TEAM'] in ['c', 'd'] || request.headers['none'] == request.headers['x-team']"));
        Assert.Equal(2, rig.Client.HeaderReads);
        Assert.False(rig.Holds("'three' in request.tags || 'four' in request.tags"));
        Assert.Equal(3, rig.Client.HeaderReads);
    }

    [Fact]
    public void Holds_MoreHeadersThanAreKept_AreAllFound()
    {
        var names = new RuleNames(_ => null);
        using var rig = new RequestRig(headers: [.. Enumerable.Range(0, 2 * FoundTexts.Count).Select(i => ($"x-{i}", $"v{i}"))]);
        var problems = new List<ExpressionProblem>();
        var text = string.Join(" && ", Enumerable.Range(0, 2 * FoundTexts.Count).Select(i => $"request.headers['x-{i}'] == 'v{i}'"));
        Assert.True(rig.Holds(ExpressionCompiler.Compile(text, names, problems)!));
        Assert.Empty(problems);
    }

    [Fact]
    public void Holds_WarmedUp_AllocatesNothing()
    {
        using var rig = new RequestRig(Body, RequestRig.Key(tags: ["alpha", "beta"]), headers: [("x-team", "red")]);
        var conditions = new[]
        {
            "request.model.startsWith('gpt') && tokens.input > 8000 && 'beta' in caller.tags",
            "request.model.matches('^claude-[0-9]+$') || request.model.glob('o?-*')",
            "request.headers['x-team'] == 'red' && request.hasTools",
            "time('Europe/Berlin').weekday in ['saturday', 'sunday'] || time.ofDay >= timeOfDay('22:00')",
            "budget.used > 80 || health('up/m').available == false || random < 0",
        }.Select(RequestRig.Compile).ToArray();
        for (var i = 0; i < 100; i++)
            Run();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
            Run();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Run()
        {
            foreach (var condition in conditions)
                rig.Holds(condition);
        }
    }

    private static List<ExpressionProblem> Problems(string text)
    {
        var problems = new List<ExpressionProblem>();
        var condition = ExpressionCompiler.Compile(text, RequestRig.Names, problems);
        Assert.Equal(problems.Count == 0, condition is not null);
        return problems;
    }
}
