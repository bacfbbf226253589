using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Gateway.Metering;

/// <summary>Lines that go to the disk with one write, and who waits for them. Not thread-safe: the spool's lock guards it.</summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1001", Justification = "A writer over memory holds nothing to give back.")]
internal sealed class SpoolBatch : IBufferWriter<byte>
{
    private const int InitialBytes = 16 << 10;
    private const int KeptBytes = 1 << 20;

    /// <summary>Longer texts are cut: some come from clients, and no entry may be as large as a request.</summary>
    private const int MaxTextChars = 1_024;

    /// <summary>Digits and sign of the longest integer.</summary>
    private const int MaxNumberBytes = 20;

    // What JSON takes as it is: most texts of an entry are nothing else.
    private static readonly SearchValues<char> Plain = SearchValues.Create([.. Enumerable.Range(' ', '~' - ' ' + 1).Select(c => (char)c).Except(['"', '\\'])]);

    private readonly Utf8JsonWriter _json;
    private byte[] _bytes = new byte[InitialBytes];
    private int _length;

    public SpoolBatch() => _json = new Utf8JsonWriter(this, new JsonWriterOptions
    {
        SkipValidation = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    /// <summary>The lines.</summary>
    public ReadOnlySpan<byte> Lines => _bytes.AsSpan(0, _length);

    /// <summary>How many lines there are.</summary>
    public int Count { get; private set; }

    /// <summary>The sequence of the first line; 0 when empty.</summary>
    public long FirstSequence { get; private set; }

    /// <summary>The sequence of the last line.</summary>
    public long LastSequence => FirstSequence + Count - 1;

    /// <summary>Appenders to complete once the lines are durable; the one who writes is not among them.</summary>
    public List<SpoolWaiter> Waiters { get; } = [];

    /// <summary>Adds an entry as a line.</summary>
    public void Add(LedgerEntry entry, string replica, long sequence)
    {
        var start = _length;
        try
        {
            GetSpan(SpoolFrame.PrefixLength);
            _length += SpoolFrame.PrefixLength;
            WriteJson(entry, replica, sequence);
            SpoolFrame.WritePrefix(_bytes.AsSpan(start, _length - start));
            GetSpan(1)[0] = (byte)'\n';
            _length++;
        }
        catch
        {
            _length = start;
            throw;
        }

        if (Count++ == 0)
            FirstSequence = sequence;
    }

    /// <summary>Empties the batch for its next use.</summary>
    public void Clear()
    {
        if (_bytes.Length > KeptBytes)
            _bytes = new byte[InitialBytes];
        _length = Count = 0;
        FirstSequence = 0;
        Waiters.Clear();
    }

    /// <inheritdoc/>
    public void Advance(int count) => _length += count;

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Grow(sizeHint);
        return _bytes.AsMemory(_length);
    }

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Grow(sizeHint);
        return _bytes.AsSpan(_length);
    }

    private void Grow(int sizeHint)
    {
        var needed = _length + Math.Max(sizeHint, 1);
        if (needed > _bytes.Length)
            Array.Resize(ref _bytes, Math.Max(needed, _bytes.Length * 2));
    }

    private void WriteJson(LedgerEntry entry, string replica, long sequence)
    {
        var start = _length;
        Write(LedgerFields.All[0].SpoolMember);
        WriteText(replica);
        Write(LedgerFields.All[1].SpoolMember);
        WriteNumber(sequence);
        foreach (var field in LedgerFields.All.AsSpan(LedgerFields.IdentityCount))
        {
            // What reads back the same when absent is left out: lines are a third shorter.
            if (field.Text is { } text)
            {
                if (text(entry) is { } value && (field.Nullable || value.Length > 0))
                {
                    Write(field.SpoolMember);
                    if (field.Kind == LedgerFieldKind.Json)
                        WriteAscii(value);
                    else
                        WriteText(value.AsSpan(0, Math.Min(value.Length, MaxTextChars)));
                }
            }
            else if (field.Number!(entry) is { } number && (field.Nullable || number != 0))
            {
                Write(field.SpoolMember);
                if (field.Kind == LedgerFieldKind.Flag)
                    Write("true"u8);
                else
                    WriteNumber(number);
            }
        }

        _bytes[start] = (byte)'{'; // where the first member has its comma
        Write("}"u8);
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(GetSpan(bytes.Length));
        _length += bytes.Length;
    }

    private void WriteNumber(long number)
    {
        Utf8Formatter.TryFormat(number, GetSpan(MaxNumberBytes), out var written);
        _length += written;
    }

    private void WriteText(ReadOnlySpan<char> text)
    {
        if (text.ContainsAnyExcept(Plain))
        {
            _json.Reset(this);
            _json.WriteStringValue(text);
            _json.Flush();
            return;
        }

        Write("\""u8);
        WriteAscii(text);
        Write("\""u8);
    }

    private void WriteAscii(ReadOnlySpan<char> text)
    {
        Ascii.FromUtf16(text, GetSpan(text.Length), out var written);
        _length += written;
    }
}
