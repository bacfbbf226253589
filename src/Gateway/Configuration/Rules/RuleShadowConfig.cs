namespace Gateway.Configuration.Rules;

/// <summary>Where a rule sends copies of requests.</summary>
/// <param name="Target">A <c>provider/model</c> address.</param>
/// <param name="Percent">Of which percentage of the rule's requests a copy is made.</param>
/// <param name="NanoUsdPerDay">What copies may cost each day, in nano-dollars.</param>
internal sealed record RuleShadowConfig(string Target, double Percent, long NanoUsdPerDay);
