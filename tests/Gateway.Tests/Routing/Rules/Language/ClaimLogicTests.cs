using Gateway.Routing.Rules.Language;

namespace Gateway.Tests.Routing.Rules.Language;

public sealed class ClaimLogicTests
{
    [Theory]
    [InlineData("tokens.input > 9000", "tokens.input > 8000", true)]
    [InlineData("tokens.input > 8000", "tokens.input > 8000", true)]
    [InlineData("tokens.input >= 8000", "tokens.input > 8000", false)]
    [InlineData("tokens.input == 5", "tokens.input <= 5", true)]
    [InlineData("tokens.input in [1]", "tokens.input < 5", false)]
    [InlineData("8000 < tokens.input", "tokens.input > 8000", true)]
    [InlineData("request.model == 'gpt-4o'", "request.model.startsWith('gpt')", true)]
    [InlineData("request.model == 'gpt-4o'", "request.model.startsWith('claude')", false)]
    [InlineData("request.model in ['a', 'b']", "request.model in ['c', 'b', 'a']", true)]
    [InlineData("request.model in ['a', 'd']", "request.model in ['c', 'b', 'a']", false)]
    [InlineData("request.model in ['gpt-1', 'gpt-2']", "request.model.matches('^gpt-')", true)]
    [InlineData("request.model.startsWith('gpt-4')", "request.model.startsWith('gpt')", true)]
    [InlineData("request.model.startsWith('gpt')", "request.model.startsWith('gpt-4')", false)]
    [InlineData("request.stream && request.hasTools", "request.stream", true)]
    [InlineData("request.stream", "request.stream && request.hasTools", false)]
    [InlineData("request.stream", "request.stream || request.hasTools", true)]
    [InlineData("request.stream || request.hasTools", "request.stream", false)]
    [InlineData("request.stream || request.hasTools", "request.hasTools || request.stream", true)]
    [InlineData("request.hasTools && request.stream", "request.stream && request.hasTools", true)]
    [InlineData("!(request.stream || request.hasTools)", "!request.stream", true)]
    [InlineData("request.stream == false", "!request.stream", true)]
    [InlineData("request.model != 'a' && request.stream", "!(request.model == 'a')", true)]
    [InlineData("request.headers['X'] == 'a'", "request.headers['x'] == 'a'", true)]
    [InlineData("budget('a').used > 5", "budget('b').used > 5", false)]
    public void Implies_TwoConditions_IsShownWhereItIsSimple(string condition, string other, bool implies) =>
        Assert.Equal(implies, ClaimLogic.Implies(RequestRig.Compile(condition).Claim, RequestRig.Compile(other).Claim));

    [Theory]
    [InlineData("tokens.input > 8000 && tokens.input < 100", true)]
    [InlineData("tokens.input > 8000 && tokens.input <= 8000", true)]
    [InlineData("tokens.input >= 8000 && tokens.input <= 8000", false)]
    [InlineData("request.model == 'a' && request.model == 'b'", true)]
    [InlineData("request.model == 'a' && request.model.startsWith('b')", true)]
    [InlineData("request.model.startsWith('a') && request.model.startsWith('b')", true)]
    [InlineData("request.model.startsWith('a') && request.model.startsWith('ab')", false)]
    [InlineData("request.stream && request.hasTools && !request.stream", true)]
    [InlineData("request.stream && (request.hasTools && !request.hasTools)", true)]
    [InlineData("request.stream || (request.hasTools && !request.hasTools)", false)]
    [InlineData("time.weekday in ['monday'] && time.weekday == 'sunday'", true)]
    public void IsImpossible_Contradictions_AreFound(string condition, bool impossible) =>
        Assert.Equal(impossible, ClaimLogic.IsImpossible(RequestRig.Compile(condition).Claim));
}
