using Gateway.Routing.Rescue;

namespace Gateway.Tests.Routing.Rescue;

/// <summary>How the rest of an answer is joined to what was delivered of it.</summary>
public class TextSeamTests
{
    [Theory]
    [InlineData("The quick brown", " fox jumps", " fox jumps")]
    [InlineData("The quick bro", "wn fox", "wn fox")] // a word goes on
    [InlineData("The quick brown", "quick brown fox", " fox")] // the end is repeated
    [InlineData("The quick brown fox jumps", "brown fox jumps over", " over")]
    [InlineData("The quick brown fox", "The quick brown fox jumps", " jumps")] // all of it is
    [InlineData("The quick brown fox", "The quick brown cat", "The quick brown cat")] // something else begins alike
    [InlineData("hel", "lo", "lo")] // chance
    [InlineData("It is very", "very cold", "very cold")] // may well be meant
    [InlineData("-------- --", "--------", "--------")] // a ruler goes on
    [InlineData("Done.", "Next", " Next")] // a lost space
    [InlineData("Done. ", " Next", "Next")] // a doubled one
    [InlineData("Use `System.", "Text`", "Text`")]
    [InlineData("example.", "com", "com")]
    [InlineData("3.", "14", "14")]
    [InlineData("```\nfoo.", "Bar()", "Bar()")] // code is left alone
    public void AfterTurn_AnyCut_JoinsConservatively(string delivered, string rest, string expected)
    {
        Assert.Equal(expected, Join(TextSeam.AfterTurn(delivered), rest, rest.Length));
        Assert.Equal(expected, Join(TextSeam.AfterTurn(delivered), rest, 1));
    }

    [Theory]
    [InlineData("The quick brown", " fox", false, " fox")]
    [InlineData("The quick ", " brown", false, "brown")] // the space was trimmed in the request, and is told again
    [InlineData("The quick ", "brown", false, "brown")]
    [InlineData("a\n\n", "\n\nb", false, "b")]
    [InlineData("a\n", "\n\nb", false, "\nb")]
    [InlineData("The quick brown fox", "The quick brown fox jumps", false, " jumps")] // an echo
    [InlineData("The quick brown fox ", "The quick brown fox jumps", false, "jumps")]
    [InlineData("Ha", "Ha", false, "Ha")] // too short to be sure
    [InlineData("Ha", "Haha", true, "ha")]
    [InlineData("quick brown fox", "brown fox jumps", false, "brown fox jumps")] // only an echo of all of it
    public void AfterPrefill_AnyCut_JoinsExactly(string delivered, string rest, bool isEchoed, string expected)
    {
        Assert.Equal(expected, Join(TextSeam.AfterPrefill(delivered, isEchoed), rest, rest.Length));
        Assert.Equal(expected, Join(TextSeam.AfterPrefill(delivered, isEchoed), rest, 1));
    }

    [Fact]
    public void Add_NoRepetitionPossible_HoldsNothingBack()
    {
        var seam = TextSeam.AfterTurn("The quick brown");
        Assert.Equal(" f", seam.Add(" f"));
        Assert.Equal("ox", seam.Add("ox"));
        Assert.Equal("", seam.End());
    }

    private static string Join(TextSeam seam, string rest, int size)
    {
        var joined = "";
        for (var at = 0; at < rest.Length; at += size)
            joined += seam.Add(rest.Substring(at, Math.Min(size, rest.Length - at)));
        return joined + seam.End();
    }
}
