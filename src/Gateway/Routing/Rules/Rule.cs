using Gateway.Routing.Rules.Language;
using Gateway.Routing.Shadow;

namespace Gateway.Routing.Rules;

/// <summary>A rule, compiled: which requests it is for, and what becomes of them.</summary>
/// <param name="name">Its name in the ledger, unique among the rules of its route.</param>
internal sealed class Rule(string name)
{
    private readonly ulong _partSalt = Shares.Salt(name + "/part");
    private readonly ulong _armSalt = Shares.Salt(name + "/arm");
    private readonly ulong _shadowSalt = Shares.Salt(name + "/shadow");

    /// <summary>Its name in the ledger.</summary>
    public string Name { get; } = name;

    /// <summary>Which requests it is for; null: all.</summary>
    public Evaluation<bool>? When { get; init; }

    /// <summary>The percentage of these that it is for, above 0 and below 100; null: all of them.</summary>
    public double? Percent { get; init; }

    /// <summary>Who stays in the part and the arm that they came into.</summary>
    public Stickiness Sticky { get; init; }

    /// <summary>Where requests go; empty: this rule does not say.</summary>
    public IReadOnlyList<RuleArm> Arms { get; init; } = [];

    /// <summary>What a client is told whose request is refused; null: it is not.</summary>
    public string? Deny { get; init; }

    /// <summary>What becomes of a copy of the request; null: none is made.</summary>
    public ShadowPlan? Shadow { get; init; }

    /// <summary>Whether no further rule is asked once this one has matched.</summary>
    public bool Decides => Arms.Count > 0 || Deny is not null;

    /// <summary>Whether it is for a request.</summary>
    public bool Matches(ref RuleFacts facts) =>
        (When is not { } when || when(ref facts)) && (Percent is not { } percent || Shares.Of(ref facts, Sticky, _partSalt) < percent);

    /// <summary>Whether a request that it matches is to be mirrored.</summary>
    public bool Mirrors(ref RuleFacts facts) =>
        Shadow is { } shadow && (shadow.Percent >= 100 || Shares.Of(ref facts, Sticky, _shadowSalt) < shadow.Percent);

    /// <summary>The arm that a request belongs to.</summary>
    public RuleArm Choose(ref RuleFacts facts)
    {
        if (Arms.Count == 1)
            return Arms[0];
        long total = 0;
        foreach (var arm in Arms)
            total += arm.Weight;
        var place = Shares.Of(ref facts, Sticky, _armSalt) / 100 * total;
        foreach (var arm in Arms)
        {
            if (place < arm.Weight)
                return arm;
            place -= arm.Weight;
        }

        return Arms[^1];
    }
}
