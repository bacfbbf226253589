using Gateway.Admission.Directory;

namespace Gateway.Admission.Roles;

/// <summary>What those keep to whose permission does not reach everything.</summary>
internal static class ScopedRules
{
    /// <summary>The most keys that a user can have when they make them themselves.</summary>
    public const int MostOwnKeys = 50;

    /// <summary>Everything that is wrong with a change: path in the entity, and how to mend it. Empty for those whose permission reaches everything.</summary>
    /// <param name="grant">Who changes; it covers both states.</param>
    /// <param name="before">What the entity says now; null: it is not there.</param>
    /// <param name="after">What it shall say.</param>
    /// <param name="directory">The newest state.</param>
    /// <param name="addresses">See <see cref="LevelCeiling"/>.</param>
    public static IReadOnlyList<KeyValuePair<string, string>> Check(
        Grant grant, Entity? before, Entity after, DirectorySnapshot directory, Func<string, IReadOnlyList<string>> addresses)
    {
        if (grant.IsUnlimited)
            return [];
        var problems = new List<KeyValuePair<string, string>>();
        if (after is KeyEntity key)
            problems.AddRange(Fixed(before as KeyEntity, key));
        if (before is null && after is KeyEntity { User: { } user } && !grant.Scopes.HasFlag(PermissionScopes.OwnTeams)
            && directory.All(EntityKind.Key).Count(k => ((KeyEntity)k.Value).User == user) >= MostOwnKeys)
            problems.Add(new("$", $"would be one key too many: you may have {MostOwnKeys}; delete one you no longer use"));
        for (var parent = EntityKinds.ParentOf(after); parent is var (kind, id);)
        {
            if (directory.Find(kind, id) is not { } above)
                break;
            problems.AddRange(new LevelCeiling(above, addresses).Exceeded(after));
            parent = EntityKinds.ParentOf(above.Value);
        }

        return problems;
    }

    // No level above bounds these, so they are left to those who administer everything.
    private static IEnumerable<KeyValuePair<string, string>> Fixed(KeyEntity? before, KeyEntity after)
    {
        const string Fault = "may only be set by an admin; leave it as it is";
        if (!(after.McpTools ?? []).All(t => Globs.AnyContains(before?.McpTools ?? [], t)))
            yield return new("$.mcpTools", Fault);
        if (after.GuardrailProfile != before?.GuardrailProfile)
            yield return new("$.guardrailProfile", Fault);
        if (after.CachePolicy != before?.CachePolicy)
            yield return new("$.cachePolicy", Fault);
    }
}
