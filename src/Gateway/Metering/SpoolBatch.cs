using System.Buffers;
using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
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

    /// <summary>Writes <see cref="LedgerFields.All"/> in their order, one by one: each line would need dozens of calls to ask them for their values.</summary>
    private void WriteJson(LedgerEntry entry, string replica, long sequence)
    {
        var start = _length;
        var usage = entry.Usage;
        WriteNullable(",\"replica\":"u8, replica);
        WriteNullable(",\"sequence\":"u8, sequence);
        Write(",\"time\":"u8, LedgerTime.ToMicros(entry.Time));
        Write(",\"request_id\":"u8, entry.RequestId);
        Write(",\"key_id\":"u8, entry.KeyId);
        WriteNullable(",\"customer_id\":"u8, entry.CustomerId);
        WriteNullable(",\"team_id\":"u8, entry.TeamId);
        WriteNullable(",\"user_id\":"u8, entry.UserId);
        Write(",\"operation\":"u8, entry.Operation);
        Write(",\"requested_model\":"u8, entry.RequestedModel);
        Write(",\"target_model\":"u8, entry.TargetModel);
        WriteNullable(",\"response_model\":"u8, entry.ResponseModel);
        Write(",\"provider\":"u8, entry.Provider);
        WriteNullable(",\"response_id\":"u8, entry.ResponseId);
        Write(",\"input_tokens\":"u8, usage.Input);
        Write(",\"output_tokens\":"u8, usage.Output);
        Write(",\"cache_read_tokens\":"u8, usage.CacheRead);
        Write(",\"cache_write_tokens\":"u8, usage.CacheWrite);
        Write(",\"reasoning_tokens\":"u8, usage.Reasoning);
        Write(",\"audio_input_tokens\":"u8, usage.AudioInput);
        Write(",\"audio_output_tokens\":"u8, usage.AudioOutput);
        Write(",\"estimated\":true"u8, entry.Estimated);
        Write(",\"cost_nano_usd\":"u8, entry.CostNanoUsd);
        Write(",\"price_version\":"u8, entry.PriceVersion);
        Write(",\"status\":"u8, entry.Status);
        Write(",\"outcome\":"u8, LedgerOutcomes.Name(entry.Outcome));
        WriteNullable(",\"error_code\":"u8, entry.ErrorCode);
        WriteNullable(",\"finish_reason\":"u8, entry.FinishReason);
        Write(",\"streamed\":true"u8, entry.Streamed);
        WriteNullable(",\"time_to_first_token_us\":"u8, entry.TimeToFirstTokenMicros);
        Write(",\"duration_us\":"u8, entry.DurationMicros);
        Write(",\"attempts\":"u8, entry.Attempts);
        Write(",\"search_units\":"u8, usage.SearchUnits);
        WriteNullable(",\"provider_key\":"u8, entry.ProviderKey);
        WriteNullable(",\"route\":"u8, entry.Route);
        WriteNullable(",\"rule\":"u8, entry.Rule);
        WriteNullable(",\"arm\":"u8, entry.Arm);
        Write(",\"wasted_nano_usd\":"u8, entry.WastedNanoUsd);
        if (entry.AttemptList is { } list)
        {
            Write(",\"attempt_list\":"u8);
            WriteAscii(AttemptJson.Write(list));
        }

        _bytes[start] = (byte)'{'; // where the first member has its comma
        Write("}"u8);
    }

    // What reads back the same when absent is left out: lines are a third shorter.
    private void Write(ReadOnlySpan<byte> member, string text)
    {
        if (text.Length > 0)
            WriteNullable(member, text);
    }

    private void Write(ReadOnlySpan<byte> member, long number)
    {
        if (number != 0)
            WriteNullable(member, number);
    }

    private void Write(ReadOnlySpan<byte> member, bool flag)
    {
        if (flag)
            Write(member);
    }

    private void WriteNullable(ReadOnlySpan<byte> member, string? text)
    {
        if (text is null)
            return;
        Write(member);
        var shown = text.AsSpan(0, Math.Min(text.Length, MaxTextChars));
        var to = GetSpan(shown.Length + 2);
        if (TryCopyPlain(shown, to[1..]))
        {
            to[0] = to[shown.Length + 1] = (byte)'"';
            _length += shown.Length + 2;
            return;
        }

        _json.Reset(this);
        _json.WriteStringValue(shown);
        _json.Flush();
    }

    private void WriteNullable(ReadOnlySpan<byte> member, long? number)
    {
        if (number is not { } value)
            return;
        Write(member);
        Utf8Formatter.TryFormat(value, GetSpan(MaxNumberBytes), out var written);
        _length += written;
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(GetSpan(bytes.Length));
        _length += bytes.Length;
    }

    private void WriteAscii(ReadOnlySpan<char> text)
    {
        Ascii.FromUtf16(text, GetSpan(text.Length), out var written);
        _length += written;
    }

    /// <summary>Copies a text that JSON takes as it is: most texts of an entry are nothing else.</summary>
    /// <returns>False when it is another one; then what has been copied means nothing.</returns>
    private static bool TryCopyPlain(ReadOnlySpan<char> text, Span<byte> to)
    {
        var units = MemoryMarshal.Cast<char, ushort>(text);
        var isPlain = true;
        if (units.Length < Vector128<ushort>.Count)
        {
            for (var i = 0; i < units.Length; i++)
            {
                isPlain &= units[i] is >= ' ' and <= '~' and not ('"' or '\\');
                to[i] = (byte)units[i];
            }

            return isPlain;
        }

        // The last block overlaps the one before.
        var others = Vector128<ushort>.Zero;
        for (var at = 0; ; at = Math.Min(at + Vector128<ushort>.Count, units.Length - Vector128<ushort>.Count))
        {
            var block = Vector128.Create(units[at..]);
            others |= Vector128.LessThan(block, Vector128.Create((ushort)' ')) | Vector128.GreaterThan(block, Vector128.Create((ushort)'~'))
                | Vector128.Equals(block, Vector128.Create((ushort)'"')) | Vector128.Equals(block, Vector128.Create((ushort)'\\'));
            Vector128.Narrow(block, block).GetLower().CopyTo(to[at..]);
            if (at == units.Length - Vector128<ushort>.Count)
                return others == Vector128<ushort>.Zero;
        }
    }
}
