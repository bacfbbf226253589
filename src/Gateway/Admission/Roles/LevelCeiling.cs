using Gateway.Admission.Directory;
using Gateway.Budgets;

namespace Gateway.Admission.Roles;

/// <summary>
/// Finds what an entity is given beyond a level above it. Requests are held to every level anyway: this is so that nobody is promised what they can't have.
/// </summary>
/// <param name="above">The level above.</param>
/// <param name="addresses">The <c>provider/model</c> addresses of a route's targets; none for what is no route.</param>
internal sealed class LevelCeiling(EntityRecord above, Func<string, IReadOnlyList<string>> addresses)
{
    private readonly string _who = $"the {EntityKinds.Word(above.Kind)} \"{above.Value.Id}\"";

    /// <summary>One problem for each: path in the entity, and how to mend it.</summary>
    public IEnumerable<KeyValuePair<string, string>> Exceeded(Entity entity)
    {
        var bound = above.Value;
        for (var i = 0; i < entity.Models?.Count; i++)
        {
            if (bound.Models is { } models && !Allows(models, entity.Models[i]))
                yield return new($"$.models[{i}]", $"is more than {_who} may use");
        }

        for (var i = 0; i < entity.Providers?.Count; i++)
        {
            if (bound.Providers is { } providers && !Globs.AnyContains(providers, entity.Providers[i]))
                yield return new($"$.providers[{i}]", $"is more than {_who} may use");
        }

        for (var i = 0; i < entity.Residency?.Count; i++)
        {
            if (bound.Residency?.Contains(entity.Residency[i]) == false)
                yield return new($"$.residency[{i}]", $"is not where {_who} may be served");
        }

        for (var i = 0; i < entity.Retention?.Count; i++)
        {
            if (bound.Retention?.Contains(entity.Retention[i]) == false)
                yield return new($"$.retention[{i}]", $"is not what {_who} allows");
        }

        for (var i = 0; i < entity.Budgets.Count; i++)
        {
            if (bound.Budgets.FirstOrDefault(b => Exceeds(entity.Budgets[i], b)) is { } budget)
                yield return new($"$.budgets[{i}].amount", $"is more than the budget \"{budget.Name}\" of {_who} gives in that time");
        }

        for (var i = 0; i < entity.RateLimits.Count; i++)
        {
            if (bound.RateLimits.FirstOrDefault(r => Exceeds(entity.RateLimits[i], r)) is { } rate)
                yield return new($"$.rateLimits[{i}].amount", $"is more than the rate limit \"{rate.Name}\" of {_who} gives in that time");
        }

        if (entity.MaxParallel > bound.MaxParallel)
            yield return new("$.maxParallel", $"is more than the {bound.MaxParallel} of {_who}");
        if (entity.MaxBytesInFlight > bound.MaxBytesInFlight)
            yield return new("$.maxBytesInFlight", $"is more than the {bound.MaxBytesInFlight} of {_who}");
    }

    private bool Allows(IReadOnlyList<string> globs, string model) =>
        Globs.AnyContains(globs, model) || (addresses(model) is { Count: > 0 } targets && targets.All(t => Globs.AnyContains(globs, t)));

    private static bool Exceeds(BudgetEntry given, BudgetEntry bound) =>
        given.Unit == bound.Unit && Counts(bound.Models, given.Models) && Counts(bound.Providers, given.Providers)
            && given.Amount > bound.Amount * Windows(LimitWindow.Budget(given.Window), LimitWindow.Budget(bound.Window));

    private static bool Exceeds(RateLimitEntry given, RateLimitEntry bound) =>
        given.Unit == bound.Unit && Counts(bound.Models, given.Models) && Counts(bound.Providers, given.Providers)
            && given.Amount > bound.Amount * Windows(LimitWindow.Rate(given.Window), LimitWindow.Rate(bound.Window));

    // A limit of some models says nothing of a limit of others.
    private static bool Counts(IReadOnlyList<string> bound, IReadOnlyList<string> given) =>
        bound.Count == 0 || (given.Count > 0 && given.All(g => Globs.AnyContains(bound, g)));

    /// <summary>How many windows of the bound a window of what is given can touch at most.</summary>
    private static decimal Windows(WindowSpec? given, WindowSpec? bound) => given is null || bound is null
        ? 1
        : Math.Max(1, Math.Ceiling((decimal)CalendarWindow.Length(given).Ticks / CalendarWindow.Length(bound).Ticks));
}
