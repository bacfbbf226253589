using System.Numerics;

namespace Gateway.Metering;

/// <summary>
/// Writes entries as a block: of each what differs from the one before it, of the first what is said at all. For each entry the bits of those fields (variable length, seven
/// bits a byte, the lowest first), then field after field: 0 for none, 1 and a number (zigzag, variable length), or 2 and a text (length, UTF-8). One thread at a time.
/// </summary>
internal sealed class LedgerBlockWriter
{
    /// <summary>Before a number.</summary>
    public const byte NumberTag = 1;

    /// <summary>Before a text.</summary>
    public const byte TextTag = 2;

    /// <summary>The most bytes that an integer takes.</summary>
    private const int MaxNumberBytes = 10;

    private byte[] _bytes = new byte[32 << 10];
    private int _length;

    /// <summary>How many entries there are.</summary>
    public int Count { get; private set; }

    /// <summary>The id of the first.</summary>
    public long Id { get; private set; }

    /// <summary>The block.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _length);

    /// <summary>Adds an entry.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="entry">The entry.</param>
    /// <param name="changed">At least those of its fields that differ from the one added before; where it is the first it doesn't matter.</param>
    public void Add(long id, EntryValues entry, ulong changed)
    {
        if (Count++ == 0)
        {
            Id = id;
            changed = entry.Present;
        }

        Reserve(MaxNumberBytes);
        WriteNumber(changed);
        for (; changed != 0; changed &= changed - 1)
        {
            var field = BitOperations.TrailingZeroCount(changed);
            if (field < LedgerFields.All.Length)
                WriteValue(entry[field]);
        }
    }

    /// <summary>Forgets all entries.</summary>
    public void Clear() => _length = Count = 0;

    private void WriteValue(in FieldValue value)
    {
        Reserve(1 + MaxNumberBytes + value.Text.Length);
        if (value.IsText)
        {
            _bytes[_length++] = TextTag;
            WriteNumber((ulong)value.Text.Length);
            value.Text.CopyTo(_bytes.AsSpan(_length));
            _length += value.Text.Length;
        }
        else if (value.IsNull)
        {
            _bytes[_length++] = 0;
        }
        else
        {
            _bytes[_length++] = NumberTag;
            WriteNumber((ulong)((value.Number << 1) ^ (value.Number >> 63)));
        }
    }

    private void WriteNumber(ulong number)
    {
        for (; number >= 0x80; number >>= 7)
            _bytes[_length++] = (byte)(number | 0x80);
        _bytes[_length++] = (byte)number;
    }

    private void Reserve(int count)
    {
        if (_bytes.Length - _length < count)
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + count));
    }
}
