using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Gateway.Admission.Directory;
using Gateway.Admission.Roles;
using Gateway.Errors;

namespace Gateway.Admission.Tokens;

/// <summary>
/// Callers by token: a token that was checked is remembered by its hash, at most for <see cref="Recheck"/>, and each caller acts with a key compiled from
/// the team that the token names. What the directory says counts at once. Thread-safe.
/// </summary>
/// <param name="validator">Checks tokens.</param>
/// <param name="mapping">The claim that names the team, as configured now; null: no token passes.</param>
/// <param name="directory">The directory.</param>
/// <param name="compile">Compiles a key that is in no directory.</param>
/// <param name="time">The clock.</param>
internal sealed class CallerTokens(
    ITokenValidator validator, Func<TeamClaims?> mapping, IDirectory directory, Func<DirectorySnapshot, KeyEntity, VirtualKey> compile, TimeProvider time) : ICallerTokens
{
    /// <summary>Most tokens remembered; beyond that each request costs a check.</summary>
    public const int MostRemembered = 10_000;

    /// <summary>How long a check counts: when an issuer withdraws a key, the tokens it signed pass no longer than this.</summary>
    public static readonly TimeSpan Recheck = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<TokenHash, Entry> _entries = new();
    private readonly ConditionalWeakTable<VirtualKey, Entry> _byKey = [];
    private readonly UserLogins _logins = new();
    private int _count;

    /// <inheritdoc/>
    public bool TryFind(ReadOnlySpan<char> token, out VirtualKey? key)
    {
        key = null;
        if (!_entries.TryGetValue(TokenHash.Of(token), out var entry) || time.GetUtcNow() >= entry.RecheckAt || mapping() != entry.Mapping)
            return false;
        key = Compiled(entry).Key;
        return key is not null;
    }

    /// <inheritdoc/>
    public async ValueTask<CallerAnswer> AuthenticateAsync(string token, CancellationToken cancellation)
    {
        if (mapping() is not { } teams)
            return Refused("is not accepted here; use a virtual key");
        var verdict = await validator.ValidateAsync(token, cancellation).ConfigureAwait(false);
        if (verdict.Who is not { } who)
            return Refused(verdict.Fault!);
        var now = time.GetUtcNow();
        var recheck = now + Recheck;
        var hash = TokenHash.Of(token);
        var entry = new Entry(who, hash, verdict.Expires, verdict.Expires < recheck ? verdict.Expires : recheck, teams);
        var answer = Compiled(entry);
        if (answer.Key is not null)
            Remember(hash, entry, now);
        return answer;
    }

    /// <inheritdoc/>
    public bool Holds(VirtualKey key) =>
        _byKey.TryGetValue(key, out var entry) && time.GetUtcNow() < entry.Expires && mapping() is { } teams
        && Compiled(teams == entry.Mapping ? entry : entry with { Mapping = teams, Last = null }).Key is not null;

    private void Remember(TokenHash hash, Entry entry, DateTimeOffset now)
    {
        if (Volatile.Read(ref _count) >= MostRemembered)
        {
            foreach (var (known, old) in _entries)
            {
                if (now >= old.RecheckAt && _entries.TryRemove(KeyValuePair.Create(known, old)))
                    Interlocked.Decrement(ref _count);
            }

            if (Volatile.Read(ref _count) >= MostRemembered)
                return;
        }

        if (_entries.TryAdd(hash, entry))
            Interlocked.Increment(ref _count);
        else
            _entries[hash] = entry;
    }

    private CallerAnswer Compiled(Entry entry)
    {
        var current = directory.Current;
        var last = entry.Last;
        if (last is null || !ReferenceEquals(last.Directory, current))
            entry.Last = last = new Compilation(current, Compile(entry, current));
        return last.Answer;
    }

    private CallerAnswer Compile(Entry entry, DirectorySnapshot current)
    {
        var teams = entry.Mapping.Of(entry.Who);
        var user = _logins.Find(current, entry.Who);
        // Of several teams the user's own counts, so that nobody escapes limits of their own. A user elsewhere is not the caller: otherwise
        // whoever may make users of one team could shut out a caller of another.
        if (user?.Team is { } own && teams.Contains(own))
            teams = [own];
        else
            user = null;

        if (teams.Count == 0)
            return NotMapped("names no team that is known here");
        if (teams.Count > 1 && entry.Mapping.Prefix is not null)
            return NotMapped("names several teams");
        if (current.Find(EntityKind.Team, teams[0]) is null)
            return NotMapped("names a team that is not known here");
        var key = compile(current, new KeyEntity
        {
            // A colon is in no id of the directory.
            Id = "jwt:" + Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(entry.Who.Id)).AsSpan(0, 12)),
            Name = entry.Who.Name ?? entry.Who.Subject,
            User = user?.Id,
            Team = user is null ? teams[0] : null,
            Hashes = [new KeyHash(entry.Hash.ToBytes())],
            Expires = entry.Expires,
        });
        if (key.Disabled)
            return new CallerAnswer(null, new GatewayError(ErrorKinds.DisabledKey, "The team or user of the token is disabled."));
        _byKey.AddOrUpdate(key, entry);
        return new CallerAnswer(key, null);
    }

    private static CallerAnswer Refused(string fault) => new(null, new GatewayError(ErrorKinds.InvalidToken, $"The token {fault}."));

    private static CallerAnswer NotMapped(string fault) => new(null, new GatewayError(ErrorKinds.TokenNotMapped, $"The token {fault}, so there is nobody it could act as."));

    private sealed record Entry(ClaimedIdentity Who, TokenHash Hash, DateTimeOffset Expires, DateTimeOffset RecheckAt, TeamClaims Mapping)
    {
        private volatile Compilation? _last;

        public Compilation? Last { get => _last; set => _last = value; }
    }

    private sealed record Compilation(DirectorySnapshot Directory, CallerAnswer Answer);
}
