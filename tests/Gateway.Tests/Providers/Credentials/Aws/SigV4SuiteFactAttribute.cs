namespace Gateway.Tests.Providers.Credentials.Aws;

/// <summary>A test over AWS's published signing test suite; skipped where <c>AWS_SIGV4_SUITE</c> does not say where that is.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SigV4SuiteFactAttribute : FactAttribute
{
    public SigV4SuiteFactAttribute() => Skip = Directory.Exists(Suite) ? null : "AWS_SIGV4_SUITE names no directory with AWS's signing test suite";

    /// <summary>The suite's directory, or null.</summary>
    internal static string? Suite => Environment.GetEnvironmentVariable("AWS_SIGV4_SUITE");
}
