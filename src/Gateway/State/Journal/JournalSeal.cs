using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Gateway.State.Journal;

/// <summary>
/// The hash that chains a journal: SHA-256 over the sequence (8 bytes, big-endian), then the time as <see cref="FormatTime"/> writes it, the kind, the hash of
/// the record before (32 bytes) and the body, each of these four led by its length in bytes (4 bytes, big-endian). Lengths make the encoding
/// unambiguous: two different records never hash the same bytes.
/// </summary>
internal static class JournalSeal
{
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'";

    /// <summary>What the first record has as the hash of the one before: 32 zero bytes.</summary>
    public static byte[] NoHash => new byte[SHA256.HashSizeInBytes];

    /// <summary>A record with its hash.</summary>
    public static JournalRecord Seal(long sequence, DateTimeOffset time, string kind, ReadOnlyMemory<byte> body, byte[] previousHash) =>
        new(sequence, time, kind, body, previousHash, Hash(sequence, time, kind, body.Span, previousHash));

    /// <summary>Whether a record's hash is the hash of what it says.</summary>
    public static bool IsIntact(JournalRecord record) =>
        Hash(record.Sequence, record.Time, record.Kind, record.Body.Span, record.PreviousHash).AsSpan().SequenceEqual(record.Hash);

    /// <summary>A time in UTC to 100 ns, always 28 characters: <c>2026-08-01T09:12:44.1203110Z</c>.</summary>
    public static string FormatTime(DateTimeOffset time) => time.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);

    /// <summary>Reads what <see cref="FormatTime"/> writes and nothing else.</summary>
    public static bool TryParseTime(string? text, out DateTimeOffset time) =>
        DateTimeOffset.TryParseExact(text, TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time);

    private static byte[] Hash(long sequence, DateTimeOffset time, string kind, ReadOnlySpan<byte> body, byte[] previousHash)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> number = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(number, sequence);
        hash.AppendData(number);
        Append(hash, Encoding.ASCII.GetBytes(FormatTime(time)));
        Append(hash, Encoding.UTF8.GetBytes(kind));
        Append(hash, previousHash);
        Append(hash, body);
        return hash.GetHashAndReset();
    }

    private static void Append(IncrementalHash hash, ReadOnlySpan<byte> part)
    {
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(length, part.Length);
        hash.AppendData(length);
        hash.AppendData(part);
    }
}
