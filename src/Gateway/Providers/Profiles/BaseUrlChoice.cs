namespace Gateway.Providers.Profiles;

/// <summary>A base address for one value of a variable: clouds have regions whose host is not made like the others'.</summary>
/// <param name="Variable">The variable of the address, e.g. <c>location</c>.</param>
/// <param name="Value">Its value, e.g. <c>global</c>.</param>
/// <param name="BaseUrl">The base address then; the other variables are filled in as usual.</param>
internal sealed record BaseUrlChoice(string Variable, string Value, string BaseUrl);
