namespace Gateway.Routing.Rules.Language;

/// <summary>Finds the text of a name; null when there is none.</summary>
/// <param name="facts">The request.</param>
/// <param name="name">The name.</param>
internal delegate string? Lookup(ref RuleFacts facts, string name);
