using System.Security.Cryptography;
using System.Text;

namespace Gateway.Metering;

/// <summary>
/// The replica's id, kept in the data directory, and the claim on that directory: two processes that append to one spool would destroy it.
/// The operating system drops the claim when the process dies, however it dies.
/// </summary>
internal sealed class ReplicaLock : IDisposable
{
    private const int IdLength = 8;

    private readonly FileStream _file;

    private ReplicaLock(FileStream file, string id)
    {
        _file = file;
        Id = id;
    }

    /// <summary>Eight lower-case letters and digits, made once per data directory.</summary>
    public string Id { get; }

    /// <summary>Claims a data directory.</summary>
    /// <exception cref="IOException">Another process holds it.</exception>
    public static ReplicaLock Take(string dataDirectory)
    {
        Directory.CreateDirectory(LedgerPaths.Spool(dataDirectory));
        var path = LedgerPaths.Lock(dataDirectory);
        FileStream file;
        try
        {
            file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e)
        {
            throw new IOException($"The data directory {dataDirectory} is in use by another gateway ({path} is locked).", e);
        }

        try
        {
            return new ReplicaLock(file, ReadOrCreate(LedgerPaths.Replica(dataDirectory)));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private static string ReadOrCreate(string path)
    {
        if (File.Exists(path) && File.ReadAllText(path).Trim() is { Length: IdLength } known)
            return known;
        var id = RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyz0123456789", IdLength);
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write);
        file.Write(Encoding.ASCII.GetBytes(id + "\n"));
        file.Flush(flushToDisk: true);
        return id;
    }
}
