using System.IO.Enumeration;
using CsCheck;
using Gateway.Admission.Roles;

namespace Gateway.Tests.Admission.Roles;

public class GlobsTests
{
    [Theory]
    [InlineData("*", "openai/*", true)]
    [InlineData("openai/*", "openai/*", true)]
    [InlineData("openai/*", "openai/gpt-5", true)]
    [InlineData("openai/*", "open*", false)]
    [InlineData("openai/?", "openai/*", false)]
    [InlineData("a?c", "a*c", false)]
    [InlineData("a*c", "a?c", true)]
    [InlineData("a*b*c", "aXbYbZc", true)]
    [InlineData("fast", "fast", true)]
    [InlineData("fast", "faster", false)]
    public void Contains_TwoGlobs_SaysWhetherNothingElseIsMatched(string outer, string inner, bool expected) =>
        Assert.Equal(expected, Globs.Contains(outer, inner));

    [Fact]
    public void Contains_AnyGlobs_NeverSaysYesWhereATextIsMatchedOnlyByTheInner()
    {
        var glob = Gen.Char["ab*?"].Array[1, 6].Select(c => new string(c));
        var text = Gen.Char["ab/"].Array[1, 7].Select(c => new string(c));
        Gen.Select(glob, glob, text).Sample((outer, inner, name) =>
            !Globs.Contains(outer, inner) || !Matches(inner, name) || Matches(outer, name), iter: 50_000);
    }

    private static bool Matches(string glob, string name) =>
        glob.Length > 0 && FileSystemName.MatchesSimpleExpression(glob, name, ignoreCase: false);
}
