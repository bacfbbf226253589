namespace Gateway.Tests.Testing;

/// <summary>The golden exchanges of tests/golden; its README says where each comes from.</summary>
internal static class GoldenFile
{
    public static string Text(string path) => File.ReadAllText(RepositoryFiles.Path($"tests/golden/{path}"));

    public static byte[] Bytes(string path) => File.ReadAllBytes(RepositoryFiles.Path($"tests/golden/{path}"));
}
