using System.Diagnostics;

namespace Gateway.Tests.Surfaces;

/// <summary>A test that needs Node 20 or later and the packages of tests/clients; skipped where they are missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NodeFactAttribute : FactAttribute
{
    private static readonly string[] Packages = ["@copilotkit/aimock", "ajv", "oidc-provider", "openai", "sigv4-vectors"];

    private static readonly string? Missing = FindMissing();

    public NodeFactAttribute() => Skip = Missing;

    /// <summary>Where the npm clients' suite is.</summary>
    internal static string Suite => Path.Combine(Repository.Root, "tests", "clients");

    private static string? FindMissing()
    {
        if (NodeMajor() is not { } major)
            return "Node is not on the PATH";
        if (major < 20)
            return $"Node {major} is too old: 20 or later is needed";
        return Packages.All(p => Directory.Exists(Path.Combine(Suite, "node_modules", p))) ? null : "run 'npm ci' in tests/clients first";
    }

    private static int? NodeMajor()
    {
        try
        {
            using var node = Process.Start(new ProcessStartInfo("node", "--version") { RedirectStandardOutput = true })!;
            var version = node.StandardOutput.ReadToEnd();
            node.WaitForExit();
            return int.Parse(version.TrimStart('v').Split('.')[0], System.Globalization.CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is System.ComponentModel.Win32Exception or FormatException)
        {
            return null;
        }
    }
}
