namespace Gateway.Routing.Rules.Language;

/// <summary>A function of a quoted text.</summary>
/// <param name="text">The text.</param>
/// <param name="fault">What is wrong with the text, exactly when there is no term.</param>
/// <returns>What the function stands for, or null.</returns>
internal delegate Term? NamedFunction(string text, out string? fault);
