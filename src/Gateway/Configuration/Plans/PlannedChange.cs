namespace Gateway.Configuration.Plans;

/// <summary>One thing that a configuration would change.</summary>
/// <param name="Sign"><c>+</c> added, <c>-</c> removed, <c>~</c> changed.</param>
/// <param name="Thing">What: <c>keys ci</c>, <c>limits</c>.</param>
/// <param name="Members">For a changed thing, its members: <c>models: ["a"] → ["b"]</c>; for an added one, what it says.</param>
internal sealed record PlannedChange(char Sign, string Thing, IReadOnlyList<string> Members);
