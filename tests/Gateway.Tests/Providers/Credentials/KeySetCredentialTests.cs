using Gateway.Providers.Credentials;
using Gateway.Secrets;

namespace Gateway.Tests.Providers.Credentials;

public class KeySetCredentialTests
{
    private static readonly ProviderKey A = Key("a", 3, "gpt-4*"), B = Key("b", 1), C = Key("c", 6, "o1", "o3-*");

    [Theory]
    [InlineData("gpt-4o", "a b")]
    [InlineData("o1", "b c")]
    [InlineData("o3-mini", "b c")]
    [InlineData("other", "b")]
    public void For_Model_GivesTheKeysThatServeIt(string model, string ids) =>
        Assert.Equal(ids, string.Join(' ', new KeySetCredential([A, B, C]).For(model)!.Keys.Select(k => k.Id)));

    [Fact]
    public void For_ModelNoKeyServes_GivesNone() => Assert.Null(new KeySetCredential([A, C]).For("other"));

    [Fact]
    public void Choose_ManyTimes_FollowsTheWeights()
    {
        var set = new KeySetCredential([A, B, C]);
        var counts = Enumerable.Range(0, 20_000).Select(_ => set.Choose()!.Id).CountBy(id => id).ToDictionary();
        Assert.InRange(counts["a"], 5_500, 6_500);
        Assert.InRange(counts["b"], 1_700, 2_300);
        Assert.InRange(counts["c"], 11_300, 12_700);
    }

    [Fact]
    public void Choose_Excluded_GivesOnlyTheOthers()
    {
        var set = new KeySetCredential([A, B, C]);
        Assert.All(Enumerable.Range(0, 200), _ => Assert.NotEqual("c", set.Choose([C])!.Id));
        Assert.Equal("b", set.Choose([A, C])!.Id);
        Assert.Null(set.Choose([A, B, C]));
    }

    [Fact]
    public async Task ApplyAndChoose_PlainKey_AllocateNothingOfTheirOwn()
    {
        var set = KeySetCredential.Of(new HeaderCredential("api-key", new Secret("k")));
        using var warm = new HttpRequestMessage();
        await set.Choose()!.Credential.ApplyAsync(warm, default);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++) set.Choose([]);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        using var request = new HttpRequestMessage();
        var applying = set.Choose()!.Credential.ApplyAsync(request, default).AsTask();
        Assert.True(applying.IsCompletedSuccessfully);
        Assert.Equal("k", Assert.Single(request.Headers.GetValues("api-key")));
    }

    [Fact]
    public void Mask_TextThatQuotesAKey_HidesIt()
    {
        var set = new KeySetCredential([A, B]);
        Assert.Equal("Incorrect key ***, not ***", set.Mask("Incorrect key sk-canary-a, not sk-canary-b"));
    }

    private static ProviderKey Key(string id, int weight, params string[] models) =>
        new(id, new HeaderCredential("Authorization", new Secret($"Bearer sk-canary-{id}"))) { Weight = weight, Models = models };
}
