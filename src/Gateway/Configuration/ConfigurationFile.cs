using System.IO.Hashing;

namespace Gateway.Configuration;

/// <summary>Reads the configuration file's bytes.</summary>
internal static class ConfigurationFile
{
    /// <summary>Tells contents apart; not against an adversary.</summary>
    public static UInt128 Hash(ReadOnlySpan<byte> content) => XxHash128.HashToUInt128(content);

    /// <summary>Reads a file of at most <see cref="ConfigurationLoader.LargestFile"/> bytes.</summary>
    /// <returns>Null when it was read, otherwise why not.</returns>
    public static string? Read(string path, out byte[] content)
    {
        content = [];
        try
        {
            // Writers may have it open, or replace it, while it is read.
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            if (stream.Length > ConfigurationLoader.LargestFile) return $"is larger than {ConfigurationLoader.LargestFile >> 20} MiB";
            var buffer = new byte[stream.Length];
            var read = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            content = read == buffer.Length ? buffer : buffer[..read];
            return null;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return "does not exist; create it, or name another one with --config";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "cannot be read; check that it is a file and its permissions";
        }
    }
}
