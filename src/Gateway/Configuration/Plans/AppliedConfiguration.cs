namespace Gateway.Configuration.Plans;

/// <summary>The configuration that serves, written down as <see cref="EffectiveConfiguration"/> writes it, so that another process can compare.</summary>
internal static class AppliedConfiguration
{
    /// <summary>Its name in the data directory.</summary>
    public const string FileName = "applied.json";

    /// <summary>Writes it down whole or not at all; nothing when it is there already.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Write(string path, byte[] effective)
    {
        if (Read(path) is { } before && before.AsSpan().SequenceEqual(effective))
            return;
        var next = path + ".next";
        File.WriteAllBytes(next, effective);
        File.Move(next, path, overwrite: true);
    }

    /// <summary>What was written down last; null when nothing was, or it can't be read.</summary>
    public static byte[]? Read(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
