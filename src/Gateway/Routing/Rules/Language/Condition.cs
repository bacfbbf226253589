namespace Gateway.Routing.Rules.Language;

/// <summary>A checked condition.</summary>
/// <param name="Holds">Whether a request meets it.</param>
/// <param name="Claim">What it says, as far as two conditions can be compared.</param>
/// <param name="Constant">Its value where it is the same for all requests; otherwise null.</param>
internal sealed record Condition(Evaluation<bool> Holds, Claim Claim, bool? Constant);
