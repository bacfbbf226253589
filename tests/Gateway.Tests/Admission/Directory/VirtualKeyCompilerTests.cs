using Gateway.Admission;
using Gateway.Admission.Directory;
using Gateway.Budgets;
using Gateway.Tests.Configuration;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Tests.Admission.Directory;

public class VirtualKeyCompilerTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 8, 1, 0, 0, 0, TimeSpan.Zero));

    [Fact]
    public void Compile_WholeChain_MergesEveryLevel()
    {
        var key = Compile(
            new Customer { Id = "c", Weight = 7, Models = ["*"], Providers = ["openai"], Budgets = [new BudgetEntry { Name = "month", Amount = 12.5m, TimeZone = "Europe/Berlin", AlertAt = [50, 90] }] },
            new Team { Id = "t", Customer = "c", Models = ["openai/*"], RateLimits = [new RateLimitEntry { Name = "tpm", Unit = "tokens", Amount = 9, Window = "30s" }] },
            new User { Id = "u", Team = "t", MaxParallel = 2 },
            new KeyEntity { Id = "k", User = "u", Hashes = [Hash(1)], MaxBytesInFlight = 4096, AllowedNetworks = ["10.0.0.0/8"], Tags = ["x"] });
        Assert.Equal(("c", "t", "u", 7, "c", false), (key.CustomerId, key.TeamId, key.UserId, key.Weight, key.Tenant, key.Disabled));
        Assert.Equal(["openai/*"], key.Models);
        Assert.Equal(["*"], Assert.Single(key.ModelsAbove));
        Assert.Equal(["openai"], Assert.Single(key.Providers));
        Assert.Equal(["key:k:maxBytesInFlight", "user:u:maxParallel", "team:t:tpm", "customer:c:month"], key.Limits.Select(l => l.Id));
        var budget = key.Limits[3];
        Assert.Equal((LimitKind.Budget, LimitUnit.NanoUsd, 12_500_000_000L, LimitScope.Customer), (budget.Kind, budget.Unit, budget.Amount, budget.Scope));
        Assert.Equal("Europe/Berlin", budget.Window.TimeZone.Id);
        Assert.Equal((LimitKind.Rate, WindowUnit.Second, 30, UnavailablePolicy.Allow), (key.Limits[2].Kind, key.Limits[2].Window.Unit, key.Limits[2].Window.Count, key.Limits[2].WhenUnavailable));
    }

    [Fact]
    public void Compile_DataPolicies_EveryLevelMustAllow()
    {
        var key = Compile(
            new Customer { Id = "c", Residency = ["eu", "uk"] },
            new Team { Id = "t", Customer = "c", Retention = ["none"] },
            new KeyEntity { Id = "k", Team = "t", Models = ["*"], Hashes = [Hash(1)], Residency = ["eu", "us"] });
        Assert.Equal(["eu"], key.Data!.Residencies);
        Assert.Equal(["none"], key.Data.Retentions);
        Assert.Null(Compile(new KeyEntity { Id = "k", Models = ["*"], Hashes = [Hash(1)] }).Data);
        Assert.True(Compile(new Customer { Id = "c", Residency = ["eu"] }, new KeyEntity { Id = "k", Customer = "c", Models = ["*"], Hashes = [Hash(1)], Residency = ["us"] }).Data!.IsNowhere);
    }

    [Theory]
    [InlineData(true, false, false)]
    [InlineData(false, true, false)]
    [InlineData(false, false, true)]
    public void Compile_DisabledAnywhereAbove_IsDisabled(bool customer, bool team, bool missing)
    {
        var key = Compile(
            new Customer { Id = "c", Disabled = customer },
            new Team { Id = "t", Customer = missing ? "gone" : "c", Disabled = team },
            new KeyEntity { Id = "k", Team = "t", Models = ["*"], Hashes = [Hash(1)] });
        Assert.True(key.Disabled);
    }

    [Fact]
    public void Compile_NobodyNamesModels_NothingMayBeUsed() =>
        Assert.Empty(Compile(new Team { Id = "t" }, new KeyEntity { Id = "k", Team = "t", Hashes = [Hash(1)] }).Models);

    [Fact]
    public void Access_ModelsProvidersAndRoutes_EveryLevelMustAllow()
    {
        var models = Configured.Snapshot(
            """
            { "providers": { "openai": {}, "groq": {} },
              "routes": { "both": { "targets": ["groq/a", "openai/gpt-4o"] }, "one": { "targets": ["groq/a"] } } }
            """,
            ("OPENAI_API_KEY", "sk"), ("GROQ_API_KEY", "gq")).Models;
        var (both, one, gpt) = (models.Resolve("both")!, models.Resolve("one")!, models.Resolve("openai/gpt-4o")!);
        var narrow = Compile(new Team { Id = "t", Models = ["*"], Providers = ["openai"] }, new KeyEntity { Id = "k", Team = "t", Hashes = [Hash(1)] });
        Assert.Equal("openai/gpt-4o", Assert.Single(narrow.Access.Of(both)!.Targets).Address);
        Assert.Same(narrow.Access.Of(both), narrow.Access.Of(both));
        Assert.Null(narrow.Access.Of(one));
        Assert.Same(gpt, narrow.Access.Of(gpt));
        Assert.Equal((true, false), (narrow.Access.AllowsAllOf("openai"), narrow.Access.AllowsAllOf("groq")));

        var routes = Compile(new Team { Id = "t", Models = ["both", "groq/*"] }, new KeyEntity { Id = "k", Team = "t", Routes = ["both"], Hashes = [Hash(1)] });
        Assert.Same(both, routes.Access.Of(both));
        Assert.Null(routes.Access.Of(one));
        var above = Compile(new Team { Id = "t", Models = ["groq/*"] }, new KeyEntity { Id = "k", Team = "t", Models = ["*"], Hashes = [Hash(1)] });
        Assert.Null(above.Access.Of(gpt));
        Assert.Same(one, above.Access.Of(one));
    }

    [Fact]
    public void Access_KnownRoute_AllocatesNothing()
    {
        var route = Configured.Snapshot("""{ "providers": { "openai": {} } }""", ("OPENAI_API_KEY", "sk")).Models.Resolve("openai/gpt-4o")!;
        var access = Compile(new KeyEntity { Id = "k", Models = ["openai/*"], Hashes = [Hash(1)] }).Access;
        Assert.NotNull(access.Of(route));
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
            access.Of(route);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void Find_RotatedValue_PassesUntilItsOverlapEnds()
    {
        var hasher = new KeyHasher([1]);
        var until = _time.GetUtcNow() + TimeSpan.FromHours(1);
        var key = Compile(new KeyEntity { Id = "k", Models = ["*"], Hashes = [new KeyHash(hasher.Hash("new")), new KeyHash(hasher.Hash("old"), until)] });
        var ring = new KeyRing(hasher, [key], _time);
        Assert.Same(key, ring.Find("old"));
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Null(ring.Find("old"));
        Assert.Same(key, ring.Find("new"));
    }

    private static KeyHash Hash(byte fill) => new(Enumerable.Repeat(fill, 32).ToArray());

    private static VirtualKey Compile(params Entity[] entities) =>
        Assert.Single(new VirtualKeyCompiler().Compile(DirectorySnapshot.Merge(1, entities.Select(e => new EntityRecord(EntityKinds.Of(e), e, 1)), [])));
}
