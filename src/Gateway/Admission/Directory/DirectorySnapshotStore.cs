using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using Gateway.State;

namespace Gateway.Admission.Directory;

/// <summary>
/// Keeps what the journal came to at some record, so that a start need not read all of it. A head names the parts; parts are never changed, so
/// whoever reads a head whose parts are gone reads the newer head. Losing a snapshot loses nothing: the journal has it all.
/// </summary>
internal sealed class DirectorySnapshotStore(IStateStore store, IEntityFormat format)
{
    private const string Head = "directory:snapshot";
    private const int PartBytes = 240 * 1024;
    private const int Reads = 3;

    /// <summary>The newest snapshot; null when there is none, or none that can be read.</summary>
    public async Task<StoredSnapshot?> LoadAsync(CancellationToken cancellation)
    {
        for (var read = 0; read < Reads; read++)
        {
            if (await store.GetAsync(Head, cancellation).ConfigureAwait(false) is not { } item || SnapshotHead.Read(item.Value.Span) is not { } head)
                return null;
            var parts = await store.GetManyAsync(head.Keys, cancellation).ConfigureAwait(false);
            if (parts.All(p => p is not null) && Hash(parts.Select(p => p!.Value)).AsSpan().SequenceEqual(head.Hash))
                return Entities(parts.Select(p => p!.Value)) is { } entities ? new StoredSnapshot(head.Sequence, head.RecordHash, entities) : null;
        }

        return null;
    }

    /// <summary>The sequence of the newest snapshot; 0 when there is none.</summary>
    public async Task<long> NewestAsync(CancellationToken cancellation) =>
        await store.GetAsync(Head, cancellation).ConfigureAwait(false) is { } item && SnapshotHead.Read(item.Value.Span) is { } head ? head.Sequence : 0;

    /// <summary>Keeps what the fold is now, unless somebody else has just done the same.</summary>
    public async Task SaveAsync(StoredSnapshot snapshot, CancellationToken cancellation)
    {
        var item = await store.GetAsync(Head, cancellation).ConfigureAwait(false);
        var before = item is null ? null : SnapshotHead.Read(item.Value.Span);
        if (before?.Sequence >= snapshot.Sequence)
            return;
        var parts = Parts(snapshot.Entities);
        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
        var head = new SnapshotHead(snapshot.Sequence, snapshot.RecordHash, Hash(parts.Select(p => (ReadOnlyMemory<byte>)p)), [.. parts.Select((_, i) => StateKeys.Join("directory", "part", id, $"{i}"))]);
        for (var i = 0; i < parts.Count; i++)
            await store.SetAsync(head.Keys[i], parts[i], null, cancellation).ConfigureAwait(false);
        var isKept = await store.TrySetAsync(Head, head.Write(), item?.ETag, null, cancellation).ConfigureAwait(false);
        foreach (var key in (isKept ? before?.Keys : head.Keys) ?? [])
            await store.TryDeleteAsync(key, null, cancellation).ConfigureAwait(false);
    }

    private List<byte[]> Parts(IEnumerable<EntityRecord> entities)
    {
        var parts = new List<byte[]>();
        using var buffer = new MemoryStream();
        foreach (var chunk in Chunks(entities))
        {
            buffer.SetLength(0);
            using (var json = new Utf8JsonWriter(buffer))
            {
                json.WriteStartArray();
                foreach (var (record, value) in chunk)
                {
                    json.WriteStartObject();
                    json.WriteString("entity"u8, EntityKinds.Word(record.Kind));
                    json.WriteNumber("version"u8, record.Version);
                    json.WritePropertyName("value"u8);
                    json.WriteRawValue(value);
                    json.WriteEndObject();
                }

                json.WriteEndArray();
            }

            parts.Add(buffer.ToArray());
        }

        return parts;
    }

    private IEnumerable<List<(EntityRecord Record, byte[] Value)>> Chunks(IEnumerable<EntityRecord> entities)
    {
        var (chunk, bytes) = (new List<(EntityRecord, byte[])>(), 0);
        foreach (var record in entities)
        {
            var value = format.Write(record.Value);
            if (chunk.Count > 0 && bytes + value.Length > PartBytes)
            {
                yield return chunk;
                (chunk, bytes) = ([], 0);
            }

            chunk.Add((record, value));
            bytes += value.Length + 64;
        }

        if (chunk.Count > 0)
            yield return chunk;
    }

    private List<EntityRecord>? Entities(IEnumerable<ReadOnlyMemory<byte>> parts)
    {
        var entities = new List<EntityRecord>();
        try
        {
            foreach (var part in parts)
            {
                using var document = JsonDocument.Parse(part);
                foreach (var element in document.RootElement.EnumerateArray())
                {
                    if (EntityKinds.Parse(element.GetProperty("entity"u8).GetString()) is not { } kind)
                        return null;
                    var value = format.Read(kind, JsonMarshal.GetRawUtf8Value(element.GetProperty("value"u8)));
                    entities.Add(new EntityRecord(kind, value, element.GetProperty("version"u8).GetInt64()));
                }
            }
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or InvalidDataException)
        {
            return null;
        }

        return entities;
    }

    private static byte[] Hash(IEnumerable<ReadOnlyMemory<byte>> parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var part in parts)
            hash.AppendData(part.Span);
        return hash.GetHashAndReset();
    }
}
