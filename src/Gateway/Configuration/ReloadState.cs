namespace Gateway.Configuration;

/// <summary>How the last attempt to load a changed configuration went; readiness shows it.</summary>
/// <param name="At">When, UTC.</param>
/// <param name="Succeeded">False when the change was refused and the old snapshot stays.</param>
/// <param name="Problems">Why it was refused; empty when it was not.</param>
internal sealed record ReloadState(DateTimeOffset At, bool Succeeded, IReadOnlyList<ConfigProblem> Problems);
