namespace Gateway.Routing.Rules.Language;

/// <summary>Computes a value from what is known of a request. Allocates nothing unless the value itself is text that has to be made.</summary>
/// <typeparam name="T">The value's type.</typeparam>
/// <param name="facts">The request.</param>
internal delegate T Evaluation<out T>(ref RuleFacts facts);
