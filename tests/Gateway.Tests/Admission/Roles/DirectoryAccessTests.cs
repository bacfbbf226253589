using Gateway.Admission;
using Gateway.Admission.Directory;
using Gateway.Admission.Roles;
using Gateway.Tests.Admission.Directory;
using Gateway.Tests.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Tests.Admission.Roles;

/// <summary>Two teams with a user each; a team admin of the one, a developer in it, and an owner.</summary>
public sealed class DirectoryAccessTests : IAsyncLifetime
{
    private static readonly Principal Owner = new("root", new HashSet<Role> { Role.Owner });
    private static readonly Principal Lead = new("lead", new HashSet<Role> { Role.TeamAdmin }) { Teams = new HashSet<string> { "core" } };
    private static readonly Principal Ann = new("ann@x", new HashSet<Role> { Role.Developer }) { UserId = "ann", Teams = new HashSet<string> { "core" } };

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 8, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly MemoryStateStore _store = new();
    private Replica _replica = null!;
    private DirectoryAccess _access = null!;

    public async Task InitializeAsync()
    {
        (_replica, _access) = await StartAsync();
        await Put(Owner, new Customer { Id = "acme", MaxParallel = 50, Residency = ["eu"] });
        await Put(Owner, new Team { Id = "core", Customer = "acme", Models = ["openai/*"], Budgets = [new() { Name = "month", Amount = 100 }], RateLimits = [new() { Name = "rpm", Amount = 60 }] });
        await Put(Owner, new Team { Id = "other", Models = ["*"] });
        await Put(Owner, new User { Id = "ann", Team = "core" });
        await Put(Owner, new User { Id = "ben", Team = "other" });
        await Put(Owner, new KeyEntity { Id = "bens", User = "ben", Models = ["*"] });
    }

    public async Task DisposeAsync() => await _replica.DisposeAsync();

    [Fact]
    public async Task Put_NewKeyThenAgain_GivesTheValueOnce()
    {
        var made = await Put(Ann, new KeyEntity { Id = "laptop", User = "ann" });
        Assert.Equal(AccessOutcome.Created, made.Outcome);
        Assert.StartsWith("gw-", made.Value, StringComparison.Ordinal);
        Assert.DoesNotContain(made.Value!, made.ToString(), StringComparison.Ordinal);

        var changed = await Put(Ann, new KeyEntity { Id = "laptop", User = "ann", Name = "Laptop" });
        Assert.Equal((AccessOutcome.Changed, null), (changed.Outcome, changed.Value));
        Assert.Equal(AccessOutcome.Unchanged, (await Put(Ann, new KeyEntity { Id = "laptop", User = "ann", Name = "Laptop" })).Outcome);
    }

    [Fact]
    public async Task Put_OutsideOfWhatOneAdministers_IsForbidden()
    {
        await AssertForbidden(Lead, new User { Id = "ben", Team = "core" }); // taken from another team
        await AssertForbidden(Lead, new User { Id = "ann", Team = "other" }); // moved to another team
        await AssertForbidden(Lead, new User { Id = "ann", Customer = "acme" });
        await AssertForbidden(Lead, new User { Id = "new" });
        await AssertForbidden(Lead, new KeyEntity { Id = "bens", User = "ann" });
        await AssertForbidden(Lead, new KeyEntity { Id = "k", Team = "other", Models = ["openai/a"] });
        await AssertForbidden(Lead, new KeyEntity { Id = "k", Customer = "acme" });
        await AssertForbidden(Ann, new KeyEntity { Id = "k", Team = "core" });
        await AssertForbidden(Ann, new KeyEntity { Id = "k", User = "ben" });
        await AssertForbidden(Ann, new KeyEntity { Id = "bens", User = "ann" });
        Assert.Equal("other", ((User)_replica.Service.Current.Find(EntityKind.User, "ben")!.Value).Team);
    }

    [Fact]
    public async Task Put_WithinOnesTeam_IsMade()
    {
        Assert.Equal(AccessOutcome.Created, (await Put(Lead, new User { Id = "cleo", Team = "core", Budgets = [new() { Name = "m", Amount = 100 }] })).Outcome);
        Assert.Equal(AccessOutcome.Created, (await Put(Lead, new KeyEntity { Id = "ci", Team = "core", Models = ["openai/gpt-5"] })).Outcome);
        Assert.Equal(AccessOutcome.Changed, (await _access.DeleteAsync(To(Lead, Permission.KeysChange), EntityKind.Key, "ci", default, dryRun: false)).Outcome);
    }

    [Fact]
    public async Task Others_OutOfSight_AreLikeNotThere()
    {
        Assert.Null(_access.Find(To(Lead, Permission.UsersView), EntityKind.User, "ben"));
        Assert.Equal(["ann"], _access.All(To(Lead, Permission.UsersView), EntityKind.User).Select(e => e.Value.Id));
        Assert.Equal(["core"], _access.All(To(Lead, Permission.TeamsView), EntityKind.Team).Select(e => e.Value.Id));
        Assert.Equal(["ann"], _access.All(To(Ann, Permission.UsersView), EntityKind.User).Select(e => e.Value.Id));
        Assert.Empty(_access.All(To(Ann, Permission.KeysView), EntityKind.Key));
        var change = To(Ann, Permission.KeysChange);
        Assert.Equal(AccessOutcome.NotFound, (await _access.RotateAsync(change, "bens", TimeSpan.Zero, default, dryRun: false)).Outcome);
        Assert.Equal(AccessOutcome.NotFound, (await _access.SetDisabledAsync(change, "bens", true, default, dryRun: false)).Outcome);
        Assert.Equal(AccessOutcome.NotFound, (await _access.DeleteAsync(change, EntityKind.Key, "bens", default, dryRun: false)).Outcome);
    }

    [Fact]
    public async Task Put_TheLoginOfSomebodyElseInOtherLetters_IsRefused()
    {
        await Put(Owner, new User { Id = "ben", Team = "other", Login = "ben@x.example" });

        var answer = await Put(Lead, new User { Id = "ann", Team = "core", Login = "Ben@X.example" });

        Assert.Equal((AccessOutcome.Invalid, "$.login"), (answer.Outcome, Assert.Single(answer.Problems).Key));
    }

    [Fact]
    public async Task Put_BeyondTheLevelsAbove_NamesEachPath()
    {
        var key = new KeyEntity
        {
            Id = "k",
            User = "ann",
            Models = ["openai/gpt-5", "cohere/*", "fast", "slow"],
            Budgets = [new() { Name = "a", Amount = 101 }, new() { Name = "b", Amount = 100, Window = "1h" }, new() { Name = "c", Amount = 101, Unit = "requests" }, new() { Name = "d", Amount = 101, Window = "1h", Models = ["openai/x"] }],
            RateLimits = [new() { Name = "e", Amount = 61 }, new() { Name = "f", Amount = 3600, Window = "1h" }],
            MaxParallel = 51,
            Residency = ["eu", "us"],
            McpTools = ["*"],
            GuardrailProfile = "none",
        };

        var answer = await Put(Ann, key);

        Assert.Equal(AccessOutcome.Invalid, answer.Outcome);
        Assert.Equal(
            ["$.budgets[0].amount", "$.budgets[3].amount", "$.guardrailProfile", "$.maxParallel", "$.mcpTools", "$.models[1]", "$.models[3]", "$.rateLimits[0].amount", "$.residency[1]"],
            answer.Problems.Select(p => p.Key).Order(StringComparer.Ordinal));
        Assert.Equal(AccessOutcome.Created, (await Put(Owner, key)).Outcome);
    }

    [Fact]
    public async Task Put_WhatAnAdminSet_MayStayButNotGrow()
    {
        await Put(Owner, new KeyEntity { Id = "k", User = "ann", McpTools = ["git_*"], GuardrailProfile = "strict" });
        Assert.Equal(AccessOutcome.Changed, (await Put(Ann, new KeyEntity { Id = "k", User = "ann", McpTools = ["git_log"], GuardrailProfile = "strict" })).Outcome);
        Assert.Equal(AccessOutcome.Invalid, (await Put(Ann, new KeyEntity { Id = "k", User = "ann", McpTools = ["git_*"], GuardrailProfile = "strict" })).Outcome);
        Assert.Equal(AccessOutcome.Invalid, (await Put(Ann, new KeyEntity { Id = "k", User = "ann" })).Outcome);
    }

    [Fact]
    public async Task Put_OneOwnKeyTooMany_IsRefused()
    {
        for (var i = 0; i < ScopedRules.MostOwnKeys; i++)
            Assert.Equal(AccessOutcome.Created, (await Put(Ann, new KeyEntity { Id = $"k{i}", User = "ann" })).Outcome);

        Assert.Equal(AccessOutcome.Invalid, (await Put(Ann, new KeyEntity { Id = "more", User = "ann" })).Outcome);
        Assert.Equal(AccessOutcome.Created, (await Put(Lead, new KeyEntity { Id = "more", User = "ann" })).Outcome);
    }

    [Fact]
    public async Task Conditions_OnTheNewestState_HoldOrNot()
    {
        var version = _replica.Service.Current.Find(EntityKind.Team, "core")!.Version;
        Assert.Equal(AccessOutcome.VersionDiffers, (await Put(Owner, new Team { Id = "core" }, VersionCondition.Absent)).Outcome);
        Assert.Equal(AccessOutcome.VersionDiffers, (await Put(Owner, new Team { Id = "none" }, VersionCondition.Present)).Outcome);
        Assert.Equal(AccessOutcome.VersionDiffers, (await Put(Owner, new Team { Id = "core" }, new VersionCondition(version - 1))).Outcome);
        Assert.Equal(AccessOutcome.Changed, (await Put(Owner, new Team { Id = "core", Name = "Core" }, new VersionCondition(version), dryRun: true)).Outcome);
        Assert.Equal(AccessOutcome.Changed, (await Put(Owner, new Team { Id = "core", Name = "Core" }, new VersionCondition(version))).Outcome);
        Assert.Equal(AccessOutcome.Created, (await Put(Owner, new Team { Id = "none" }, VersionCondition.Absent)).Outcome);
    }

    [Fact]
    public async Task Put_MovedAwayOnAnotherReplica_IsForbiddenThoughThisOneHasNotHeard()
    {
        var (second, elsewhere) = await StartAsync();
        await using var owned = second;
        await elsewhere.PutAsync(To(Owner, Permission.UsersChange), new User { Id = "ann", Team = "other" }, default, dryRun: false);
        Assert.Equal("core", ((User)_replica.Service.Current.Find(EntityKind.User, "ann")!.Value).Team);

        await AssertForbidden(Lead, new User { Id = "ann", Team = "core", Name = "Ann" });
    }

    [Fact]
    public async Task Put_DeclaredInAFile_IsFileManaged()
    {
        _replica.Service.Declare([new EntityRecord(EntityKind.Team, new Team { Id = "filed" }, 0)]);

        Assert.Equal(AccessOutcome.FileManaged, (await Put(Owner, new Team { Id = "filed", Name = "x" })).Outcome);
        Assert.Equal(AccessOutcome.FileManaged, (await _access.DeleteAsync(To(Owner, Permission.TeamsChange), EntityKind.Team, "filed", default, dryRun: false)).Outcome);
    }

    private async Task<(Replica, DirectoryAccess)> StartAsync()
    {
        var replica = await Replica.StartAsync(_store, _time);
        var keys = new KeyOperations(replica.Service, new KeyHasher([1]), _time);
        return (replica, new DirectoryAccess(replica.Service, keys, name => name switch { "fast" => ["openai/a"], "slow" => ["openai/a", "cohere/b"], _ => [] }));
    }

    private async Task AssertForbidden(Principal who, Entity value) => Assert.Equal(AccessOutcome.Forbidden, (await Put(who, value)).Outcome);

    private Task<AccessAnswer> Put(Principal who, Entity value, VersionCondition condition = default, bool dryRun = false) =>
        _access.PutAsync(To(who, value switch { KeyEntity => Permission.KeysChange, User => Permission.UsersChange, _ => Permission.TeamsChange }), value, condition, dryRun);

    private static Grant To(Principal who, Permission permission) => Grant.Of(who, permission)!;
}
