using System.Runtime.CompilerServices;

namespace Gateway.Tests;

/// <summary>Where the repository's files are.</summary>
internal static class Repository
{
    /// <summary>The directory of Gateway.sln.</summary>
    public static string Root { get; } = Find();

    private static string Find([CallerFilePath] string thisFile = "")
    {
        for (var directory = Path.GetDirectoryName(thisFile); directory is not null; directory = Path.GetDirectoryName(directory))
        {
            if (File.Exists(Path.Combine(directory, "Gateway.sln")))
                return directory;
        }

        throw new InvalidOperationException("Gateway.sln was not found above the tests.");
    }
}
