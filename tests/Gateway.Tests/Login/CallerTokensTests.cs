using Gateway.Admission.Directory;
using Gateway.Admission.Roles;
using Gateway.Admission.Tokens;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Tests.Login;

public sealed class CallerTokensTests
{
    private const string Token = "eyJ.a.b";

    private readonly FakeTimeProvider _time = new();
    private readonly FixedDirectory _directory = new();
    private readonly CountingValidator _validator;
    private readonly CallerTokens _tokens;
    private TeamClaims? _mapping = new("groups") { Map = [new("search", ["search"]), new("ops", ["ops"])] };

    public CallerTokensTests()
    {
        _validator = new CountingValidator(_time);
        var compiler = new VirtualKeyCompiler();
        _tokens = new CallerTokens(_validator, () => _mapping, _directory, compiler.Compile, _time);
        _directory.Put(new Team { Id = "search", Models = ["a/*"] }, new Team { Id = "ops", Models = ["*"] });
    }

    [Fact]
    public async Task Find_TokenThatWasChecked_CostsNoCheck()
    {
        Assert.False(_tokens.TryFind(Token, out _));
        var key = (await _tokens.AuthenticateAsync(Token, default)).Key!;
        Assert.True(_tokens.TryFind(Token, out var found));
        Assert.Same(key, found);
        Assert.Equal(1, _validator.Checks);
        Assert.Equal(("search", (string?)null, "a/*"), (key.TeamId, key.UserId, Assert.Single(key.ModelsAbove.Prepend(key.Models), m => m.Count > 0)[0]));
        Assert.True(_tokens.Holds(key));
    }

    [Fact]
    public async Task Find_AfterAWhile_AsksForACheckAgain()
    {
        var key = (await _tokens.AuthenticateAsync(Token, default)).Key!;
        _time.Advance(CallerTokens.Recheck);
        Assert.False(_tokens.TryFind(Token, out _));
        Assert.True(_tokens.Holds(key));
        _time.Advance(TimeSpan.FromHours(1));
        Assert.False(_tokens.Holds(key));
    }

    [Fact]
    public async Task Find_DirectoryChanged_CountsAtOnce()
    {
        var key = (await _tokens.AuthenticateAsync(Token, default)).Key!;
        _directory.Put(new Team { Id = "search", Models = ["b/*"] });
        Assert.True(_tokens.TryFind(Token, out var next));
        Assert.NotSame(key, next);
        Assert.Equal(key.Id, next!.Id);
        _directory.Put(new Team { Id = "search", Models = ["b/*"], Disabled = true });
        Assert.False(_tokens.TryFind(Token, out _));
        Assert.False(_tokens.Holds(key));
        Assert.Equal("disabled_api_key", (await _tokens.AuthenticateAsync(Token, default)).Error!.Code);
    }

    [Fact]
    public async Task Find_MappingChanged_CountsAtOnce()
    {
        var key = (await _tokens.AuthenticateAsync(Token, default)).Key!;
        _mapping = new TeamClaims("groups") { Map = [new("search", ["ops"])] };
        Assert.False(_tokens.TryFind(Token, out _));
        Assert.True(_tokens.Holds(key));
        Assert.Equal("ops", (await _tokens.AuthenticateAsync(Token, default)).Key!.TeamId);
        _mapping = null;
        Assert.False(_tokens.TryFind(Token, out _));
        Assert.False(_tokens.Holds(key));
        Assert.Equal("invalid_token", (await _tokens.AuthenticateAsync(Token, default)).Error!.Code);
    }

    [Fact]
    public async Task Authenticate_UserOfTheTeam_ActsUnderTheirLimitsToo()
    {
        _directory.Put(new User { Id = "ann", Team = "search", Login = "ann" });
        var key = (await _tokens.AuthenticateAsync(Token, default)).Key!;
        Assert.Equal(("search", "ann"), (key.TeamId, key.UserId));
    }

    [Fact]
    public async Task Authenticate_UserOfAnotherTeam_IsNotTheCallerUnlessTheTokenNamesThatTeamToo()
    {
        _directory.Put(new User { Id = "ann", Team = "ops", Login = "ann", Disabled = true });
        var key = (await _tokens.AuthenticateAsync(Token, default)).Key!;
        Assert.Equal(("search", null), (key.TeamId, key.UserId));
        _validator.Groups = ["search", "ops"];
        Assert.Equal("disabled_api_key", (await _tokens.AuthenticateAsync(Token, default)).Error!.Code);
        _directory.Put(new User { Id = "ann", Team = "ops", Login = "ann" });
        key = (await _tokens.AuthenticateAsync(Token, default)).Key!;
        Assert.Equal(("ops", "ann"), (key.TeamId, key.UserId));
    }

    [Theory]
    [InlineData("token_not_mapped", "nothing")]
    [InlineData("token_not_mapped")]
    [InlineData("search", "ops", "search")]
    public async Task Authenticate_Groups_AreTeamsInTheOrderOfTheMap(string expected, params string[] groups)
    {
        _validator.Groups = groups;
        var answer = await _tokens.AuthenticateAsync(Token, default);
        Assert.Equal(expected, answer.Key?.TeamId ?? answer.Error!.Code);
    }

    [Fact]
    public async Task Authenticate_PrefixWithSeveralTeams_DoesNotGuess()
    {
        _mapping = new TeamClaims("groups") { Prefix = "t-" };
        _validator.Groups = ["t-search", "other"];
        Assert.Equal("search", (await _tokens.AuthenticateAsync(Token, default)).Key!.TeamId);
        _validator.Groups = ["t-search", "t-ops"];
        Assert.Equal("token_not_mapped", (await _tokens.AuthenticateAsync(Token, default)).Error!.Code);
        _validator.Groups = ["t-unknown"];
        Assert.Equal("token_not_mapped", (await _tokens.AuthenticateAsync(Token, default)).Error!.Code);
    }

    [Fact]
    public async Task Authenticate_MoreTokensThanAreRemembered_StillPass()
    {
        for (var i = 0; i <= CallerTokens.MostRemembered; i++)
            Assert.NotNull((await _tokens.AuthenticateAsync($"eyJ.{i}.x", default)).Key);
        Assert.True(_tokens.TryFind("eyJ.0.x", out _));
        Assert.False(_tokens.TryFind($"eyJ.{CallerTokens.MostRemembered}.x", out _));
        _time.Advance(CallerTokens.Recheck);
        await _tokens.AuthenticateAsync(Token, default);
        Assert.True(_tokens.TryFind(Token, out _));
    }

    [Fact]
    public async Task Find_TokenThatWasChecked_AllocatesNothing()
    {
        await _tokens.AuthenticateAsync(Token, default);
        _tokens.TryFind(Token, out _);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
            _tokens.TryFind(Token, out _);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private sealed class CountingValidator(TimeProvider time) : ITokenValidator
    {
        public int Checks { get; private set; }

        public string[] Groups { get; set; } = ["search"];

        public ValueTask<TokenVerdict> ValidateAsync(string token, CancellationToken cancellation)
        {
            Checks++;
            var who = new ClaimedIdentity("https://issuer.example", "ann") { Claims = new Dictionary<string, IReadOnlyList<string>> { ["groups"] = Groups } };
            return new(new TokenVerdict(who, time.GetUtcNow().AddHours(1), null));
        }
    }

    private sealed class FixedDirectory : IDirectory
    {
        private readonly Dictionary<(EntityKind, string), EntityRecord> _records = [];

        public event Action<DirectorySnapshot>? Changed;

        public DirectorySnapshot Current { get; private set; } = DirectorySnapshot.Merge(0, [], []);

        public void Put(params Entity[] entities)
        {
            foreach (var entity in entities)
                _records[(EntityKinds.Of(entity), entity.Id)] = new EntityRecord(EntityKinds.Of(entity), entity, 1);
            Current = DirectorySnapshot.Merge(Current.Version + 1, _records.Values, []);
            Changed?.Invoke(Current);
        }

        public Task<DirectoryResult> ChangeAsync(DirectoryChange change, CancellationToken cancellation = default) => throw new NotSupportedException();
    }
}
