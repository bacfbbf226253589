using CsCheck;
using Gateway.Routing.Policies;

namespace Gateway.Tests.Routing.Policies;

public class DataPolicyTests
{
    [Theory]
    [InlineData("eu", null, "eu", "none", true)]
    [InlineData("eu", null, "us", "none", false)]
    [InlineData("eu", null, null, "none", false)]
    [InlineData(null, "none,30d", null, "30d", true)]
    [InlineData(null, "none", "eu", null, false)]
    [InlineData("eu,us", "none", "us", "none", true)]
    [InlineData("eu,us", "none", "us", "30d", false)]
    public void Allows_Place_IsWhereBothListsSay(string? residencies, string? retentions, string? residency, string? retention, bool expected) =>
        Assert.Equal(expected, DataPolicy.Of(residencies?.Split(','), retentions?.Split(','))!.Allows(residency, retention));

    [Fact]
    public void Both_NothingInCommon_AllowsNothing()
    {
        var policy = DataPolicy.Both(DataPolicy.Of(["eu"], null), DataPolicy.Of(["us"], null))!;
        Assert.True(policy.IsNowhere);
        Assert.False(policy.Allows("eu", "none"));
        Assert.False(policy.Allows(null, null));
        Assert.True(DataPolicy.Both(policy, DataPolicy.Of(["eu"], null))!.IsNowhere);
    }

    /// <summary>What two policies allow together is what each of them allows.</summary>
    [Fact]
    public void Both_AnyTwo_AllowWhatEachDoes()
    {
        var words = Among("eu", "us", "uk").Select(w => w!).Array[1, 3];
        var lists = Gen.OneOf(words.Select(w => (string[]?)w), Gen.Const(() => default(string[])));
        var places = Among("eu", "us", "uk", null);
        Gen.Select(Gen.Select(lists, lists), Gen.Select(lists, lists), Gen.Select(places, places)).Sample((a, b, place) =>
        {
            var (one, other) = (DataPolicy.Of(a.Item1, a.Item2), DataPolicy.Of(b.Item1, b.Item2));
            var (residency, retention) = place;
            Assert.Equal(one?.Allows(residency, retention) != false && other?.Allows(residency, retention) != false, DataPolicy.Both(one, other)?.Allows(residency, retention) != false);
        });
    }

    private static Gen<string?> Among(params string?[] texts) => Gen.OneOf([.. texts.Select(Gen.Const)]);
}
