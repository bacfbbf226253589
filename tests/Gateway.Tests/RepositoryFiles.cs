namespace Gateway.Tests;

/// <summary>Files of the repository that tests read.</summary>
internal static class RepositoryFiles
{
    /// <summary>The full path of a file, given its path from the root of the repository.</summary>
    public static string Path(string relative)
    {
        var directory = AppContext.BaseDirectory;
        while (!File.Exists(System.IO.Path.Combine(directory, "Gateway.sln")))
            directory = System.IO.Path.GetDirectoryName(directory) ?? throw new InvalidOperationException("Not inside the repository.");
        return System.IO.Path.Combine(directory, relative);
    }
}
