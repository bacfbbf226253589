namespace Gateway.Tests.Docs;

/// <summary>A test that runs documented commands; skipped where bash or curl is missing, which building and serving don't need.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ShellTheoryAttribute : TheoryAttribute
{
    public ShellTheoryAttribute() => Skip = HasCurl ? null : "bash and curl are not on the PATH";

    /// <summary>Whether both are there.</summary>
    internal static bool HasCurl { get; } = IsThere("bash") && IsThere("curl");

    private static bool IsThere(string tool) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(directory => File.Exists(Path.Combine(directory, tool)));
}
