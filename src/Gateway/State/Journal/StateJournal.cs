using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Gateway.State.Journal;

/// <summary>
/// A journal in the state store: record n lies under <c>{name}:n</c>, written only when nothing is there, and never again. <c>{name}:head</c> is a hint where the
/// end is: it may lag after a crash, and whoever looks for the end goes on from it and puts it right. Thread-safe.
/// </summary>
/// <param name="store">Where it lies. Reads must see what was written before them.</param>
/// <param name="name">Its name, part of every key.</param>
/// <param name="time">The clock of the records.</param>
internal sealed class StateJournal(IStateStore store, string name, TimeProvider time) : IJournal
{
    private const int LargestBatch = 64;
    private const int Tries = 3;
    private const int LongestKind = 64;

    private readonly string _headKey = StateKeys.Join(name, "head");
    private JournalRecord? _latest;

    /// <summary>
    /// <inheritdoc/>
    /// An answer that is lost is no conflict: the attempt is known by a nonce in the slot and made again, the same. When this throws, the record may be
    /// there or not.
    /// </summary>
    /// <exception cref="ArgumentException">The kind or the body is not what a journal takes.</exception>
    /// <exception cref="StateUnavailableException">The store is away.</exception>
    public async Task<JournalRecord?> TryAppendAsync(
        JournalRecord? last, string kind, ReadOnlyMemory<byte> body, CancellationToken cancellation = default)
    {
        if (kind.Length is 0 or > LongestKind || kind.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('.' or '-' or '_')))
            throw new ArgumentException($"A kind has 1 to {LongestKind} letters, digits and . - _.", nameof(kind));
        var record = JournalSeal.Seal((last?.Sequence ?? 0) + 1, time.GetUtcNow(), kind, JournalBody.Take(body), last?.Hash ?? JournalSeal.NoHash);
        if (!await TryFillAsync(record, cancellation).ConfigureAwait(false))
            return null;
        Volatile.Write(ref _latest, record);
        await PointAtAsync(record.Sequence).ConfigureAwait(false);
        return record;
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<JournalRecord>> ReadAsync(long after, int most, CancellationToken cancellation = default)
    {
        var records = new List<JournalRecord>();
        var previousHash = await HashOfAsync(after, cancellation).ConfigureAwait(false);
        // Whoever reads on from a record mostly finds nothing: that should cost one key. From the beginning there is much to read.
        for (var batch = after == 0 ? LargestBatch : 1; records.Count < most; batch = Math.Min(batch * 4, LargestBatch))
        {
            var first = after + records.Count + 1;
            var slots = await store.GetManyAsync(KeysFrom(first, Math.Min(batch, most - records.Count)), cancellation).ConfigureAwait(false);
            for (var i = 0; i < slots.Count; i++)
            {
                var slot = slots[i];
                // The slots are not read in one moment: one that was empty is filled by now if a later one was.
                if (slot is null && slots.Skip(i + 1).Any(later => later is not null))
                    slot = await store.GetAsync(KeyOf(first + i), cancellation).ConfigureAwait(false) ?? throw Missing(first + i);
                if (slot is null)
                    return Remember(records);
                var record = Open(slot, first + i);
                if (!record.PreviousHash.AsSpan().SequenceEqual(previousHash))
                    throw Broken(record.Sequence, "does not follow the one before: one of them was replaced");
                records.Add(record);
                previousHash = record.Hash;
            }
        }

        return Remember(records);
    }

    /// <summary>The last record, or null when there is none. Reads on from the hint.</summary>
    /// <exception cref="InvalidDataException">The chain is broken.</exception>
    public async Task<JournalRecord?> ReadLastAsync(CancellationToken cancellation = default)
    {
        var hint = await ReadHintAsync(cancellation).ConfigureAwait(false);
        JournalRecord? last = null;
        if (hint > 0)
            last = Open(await store.GetAsync(KeyOf(hint), cancellation).ConfigureAwait(false) ?? throw Missing(hint), hint);
        Volatile.Write(ref _latest, last);
        IReadOnlyList<JournalRecord> more;
        do
        {
            more = await ReadAsync(last?.Sequence ?? 0, LargestBatch, cancellation).ConfigureAwait(false);
            if (more.Count > 0)
                last = more[^1];
        }
        while (more.Count == LargestBatch);

        if (last?.Sequence > hint)
            await PointAtAsync(last.Sequence).ConfigureAwait(false);
        return last;
    }

    private async Task<bool> TryFillAsync(JournalRecord record, CancellationToken cancellation)
    {
        var nonce = Convert.ToBase64String(RandomNumberGenerator.GetBytes(16));
        var key = KeyOf(record.Sequence);
        var value = new JournalSlot(record, nonce).ToJson();
        for (var left = Tries - 1; ; left--)
        {
            try
            {
                // A conflict may be with this very attempt, when something on the way sent it twice.
                return await store.TrySetAsync(key, value, etag: null, timeToLive: null, cancellation).ConfigureAwait(false)
                    || (await store.GetAsync(key, cancellation).ConfigureAwait(false) is { } slot && JournalSlot.Parse(slot.Value)?.Nonce == nonce);
            }
            catch (StateUnavailableException) when (left > 0)
            {
                // Made again, the same attempt either fills the slot or finds it filled, perhaps by itself.
            }
        }
    }

    private async Task PointAtAsync(long sequence)
    {
        try
        {
            // The record is there whatever becomes of the hint, so giving up must not look like a failed append.
            await store.SetAsync(_headKey, Encoding.ASCII.GetBytes(sequence.ToString(CultureInfo.InvariantCulture)), null, CancellationToken.None).ConfigureAwait(false);
        }
        catch (StateUnavailableException)
        {
            // The next append or the next search for the end writes it.
        }
    }

    private async Task<long> ReadHintAsync(CancellationToken cancellation) =>
        await store.GetAsync(_headKey, cancellation).ConfigureAwait(false) is { } hint
            && long.TryParse(hint.Value.Span, NumberStyles.None, CultureInfo.InvariantCulture, out var sequence)
            ? sequence
            : 0;

    private async Task<byte[]> HashOfAsync(long sequence, CancellationToken cancellation)
    {
        if (sequence == 0)
            return JournalSeal.NoHash;
        if (Volatile.Read(ref _latest) is { } latest && latest.Sequence == sequence)
            return latest.Hash;
        return Open(await store.GetAsync(KeyOf(sequence), cancellation).ConfigureAwait(false) ?? throw Missing(sequence), sequence).Hash;
    }

    private List<JournalRecord> Remember(List<JournalRecord> records)
    {
        if (records.Count > 0)
            Volatile.Write(ref _latest, records[^1]);
        return records;
    }

    private JournalRecord Open(StateItem slot, long sequence)
    {
        var record = JournalSlot.Parse(slot.Value)?.Record ?? throw Broken(sequence, "cannot be read");
        if (record.Sequence != sequence)
            throw Broken(sequence, $"says that it is record {record.Sequence}");
        return JournalSeal.IsIntact(record) ? record : throw Broken(sequence, "was edited: its hash does not fit");
    }

    private string KeyOf(long sequence) => StateKeys.Join(name, sequence.ToString(CultureInfo.InvariantCulture));

    private string[] KeysFrom(long first, int count)
    {
        var keys = new string[count];
        for (var i = 0; i < count; i++)
            keys[i] = KeyOf(first + i);
        return keys;
    }

    private InvalidDataException Missing(long sequence) => Broken(sequence, "is missing");

    private InvalidDataException Broken(long sequence, string what) => new($"Record {sequence} of the journal {name} {what}.");
}
