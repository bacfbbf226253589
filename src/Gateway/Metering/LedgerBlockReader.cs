using System.Numerics;

namespace Gateway.Metering;

/// <summary>Reads the entries of blocks, one after the other, as <see cref="LedgerBlockWriter"/> wrote them. One thread at a time.</summary>
internal sealed class LedgerBlockReader
{
    private ReadOnlyMemory<byte> _rest;
    private long _block;
    private bool _isFirst;

    /// <summary>The entry read last.</summary>
    public EntryValues Entry { get; } = new();

    /// <summary>Its id.</summary>
    public long Id { get; private set; }

    /// <summary>Begins a block.</summary>
    /// <param name="id">The block's id, which is its first entry's.</param>
    /// <param name="block">The block.</param>
    public void Begin(long id, ReadOnlyMemory<byte> block)
    {
        _block = id;
        _rest = block;
        _isFirst = true;
    }

    /// <summary>Reads the next entry into <see cref="Entry"/>.</summary>
    /// <returns>False when the block has no more.</returns>
    /// <exception cref="InvalidDataException">The block is damaged.</exception>
    public bool TryRead()
    {
        if (_rest.IsEmpty)
            return false;
        if (_isFirst)
            Entry.BeginAnew();
        else
            Entry.Begin();
        _isFirst = false;

        var rest = _rest.Span;
        for (var changed = ReadNumber(ref rest); changed != 0; changed &= changed - 1)
            ReadValue(ref rest, BitOperations.TrailingZeroCount(changed));
        _rest = _rest[^rest.Length..];
        Id = LedgerIds.Of(LedgerIds.ReplicaOf(_block), Entry.Sequence);
        return true;
    }

    private void ReadValue(ref ReadOnlySpan<byte> rest, int field)
    {
        if (field >= LedgerFields.All.Length)
            throw Damaged();
        switch (Take(ref rest, 1)[0])
        {
            case 0:
                Entry.SetNull(field);
                break;
            case LedgerBlockWriter.NumberTag:
                var number = ReadNumber(ref rest);
                Entry.Set(field, (long)(number >> 1) ^ -(long)(number & 1));
                break;
            case LedgerBlockWriter.TextTag:
                Entry.Set(field, Take(ref rest, ReadNumber(ref rest)));
                break;
            default:
                throw Damaged();
        }
    }

    private ulong ReadNumber(ref ReadOnlySpan<byte> rest)
    {
        var number = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var part = Take(ref rest, 1)[0];
            number |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
                return number;
        }

        throw Damaged();
    }

    private ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> rest, ulong count)
    {
        if (count > (ulong)rest.Length)
            throw Damaged();
        var taken = rest[..(int)count];
        rest = rest[(int)count..];
        return taken;
    }

    private InvalidDataException Damaged() => new($"The ledger's block {_block} is damaged.");
}
