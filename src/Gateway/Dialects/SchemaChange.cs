namespace Gateway.Dialects;

/// <summary>A change of a schema's sense.</summary>
/// <param name="Path">Where in the schema: empty at the root, else with a leading dot.</param>
/// <param name="Keyword">What no longer binds; null when nothing is lost.</param>
/// <param name="Text">The change in words.</param>
internal readonly record struct SchemaChange(string Path, string? Keyword, string Text);
