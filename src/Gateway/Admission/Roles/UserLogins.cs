using System.Collections.Frozen;
using Gateway.Admission.Directory;

namespace Gateway.Admission.Roles;

/// <summary>Users by their login, remembered for one directory at a time. Thread-safe.</summary>
internal sealed class UserLogins
{
    private volatile Index? _index;

    /// <summary>The user whose login an identity is: by its subject, else by the e-mail address that its issuer vouches for. Null when there is none.</summary>
    public User? Find(DirectorySnapshot directory, ClaimedIdentity who)
    {
        var index = _index;
        if (!ReferenceEquals(index?.Directory, directory))
            _index = index = Index.Of(directory);
        return index.BySubject.GetValueOrDefault(who.Subject) ?? (who.Email is { } email ? index.ByEmail.GetValueOrDefault(email) : null);
    }

    private sealed record Index(DirectorySnapshot Directory, FrozenDictionary<string, User> BySubject, FrozenDictionary<string, User> ByEmail)
    {
        public static Index Of(DirectorySnapshot directory)
        {
            // A login that two users claim is nobody's.
            var logins = directory.All(EntityKind.User).Select(e => (User)e.Value).Where(u => u.Login is not null)
                .GroupBy(u => u.Login!, StringComparer.OrdinalIgnoreCase).Where(g => g.Count() == 1).Select(g => g.First()).ToList();
            return new Index(
                directory,
                logins.ToFrozenDictionary(u => u.Login!, StringComparer.Ordinal),
                logins.Where(u => u.Login!.Contains('@', StringComparison.Ordinal)).ToFrozenDictionary(u => u.Login!, StringComparer.OrdinalIgnoreCase));
        }
    }
}
