using System.Text;

namespace Gateway.Metering;

/// <summary>
/// An entry as the values of its fields, by their places in <see cref="LedgerFields.All"/>. One is used for entry after entry: most values of neighbours are equal, and which
/// are not is what the store keeps. One thread at a time.
/// </summary>
internal sealed class EntryValues
{
    private readonly FieldValue[] _values = new FieldValue[LedgerFields.All.Length];

    /// <summary>The fields whose values may be others than before the last <see cref="Begin"/>, by the bits of their places.</summary>
    public ulong Changed { get; private set; }

    /// <summary>The fields whose values are not what they are when nothing is said of them, by the bits of their places.</summary>
    public ulong Present
    {
        get
        {
            var present = 0UL;
            for (var i = 0; i < _values.Length; i++)
            {
                ref var value = ref _values[i];
                if (!(LedgerFields.All[i].Nullable ? value.IsNull : value.Number == 0 && value.Text.IsEmpty))
                    present |= 1UL << i;
            }

            return present;
        }
    }

    /// <summary>The entry's number within its replica.</summary>
    public long Sequence => Number(1);

    /// <summary>When the request arrived, in microseconds since 1970.</summary>
    public long TimeMicros => Number(2);

    /// <summary>Tokens by class.</summary>
    public TokenUsage Usage => new(
        Input: Number(14),
        Output: Number(15),
        CacheRead: Number(16),
        CacheWrite: Number(17),
        Reasoning: Number(18),
        AudioInput: Number(19),
        AudioOutput: Number(20),
        SearchUnits: Number(32));

    /// <summary>Whether the gateway counted them.</summary>
    public bool IsEstimated => Number(21) != 0;

    /// <summary>Cost in nano-dollars.</summary>
    public long CostNanoUsd => Number(22);

    /// <summary>Microseconds from the request's arrival to the moment the entry was written.</summary>
    public long DurationMicros => Number(30);

    /// <summary>How many times a provider was called.</summary>
    public long Attempts => Number(31);

    /// <summary>The value of a field.</summary>
    public ref readonly FieldValue this[int index] => ref _values[index];

    /// <summary>What takes the place of a field of which nothing is said.</summary>
    public void SetAbsent(int field)
    {
        if (LedgerFields.All[field] is { Nullable: true })
            SetNull(field);
        else if (LedgerFields.All[field].Kind == LedgerFieldKind.Text)
            Set(field, []);
        else
            Set(field, 0);
    }

    /// <summary>Begins the next entry; until it is told otherwise it has the values of the one before.</summary>
    public void Begin() => Changed = 0;

    /// <summary>Begins an entry that has nothing to do with the one before: nothing is said of any field.</summary>
    public void BeginAnew()
    {
        for (var i = 0; i < _values.Length; i++)
            SetAbsent(i);
        Changed = ulong.MaxValue;
    }

    /// <summary>Gives a field a number.</summary>
    public void Set(int field, long number) => Changed |= _values[field].Set(number) ? 1UL << field : 0;

    /// <summary>Gives a field a copy of a text in UTF-8.</summary>
    public void Set(int field, ReadOnlySpan<byte> text) => Changed |= _values[field].Set(text) ? 1UL << field : 0;

    /// <summary>Takes a field's value away.</summary>
    public void SetNull(int field) => Changed |= _values[field].SetNull() ? 1UL << field : 0;

    /// <summary>The text of a field; empty when it has none.</summary>
    public string Text(int field) => Encoding.UTF8.GetString(_values[field].Text);

    /// <summary>The text of a field, or null when it has none.</summary>
    public string? TextOrNull(int field) => _values[field].IsNull ? null : Text(field);

    /// <summary>The entry.</summary>
    /// <exception cref="InvalidDataException">The values are no entry's.</exception>
    public LedgerEntry ToEntry() => new()
    {
        Replica = Text(0),
        Sequence = Sequence,
        Time = LedgerTime.FromMicros(TimeMicros),
        RequestId = Text(3),
        KeyId = Text(4),
        CustomerId = TextOrNull(5),
        TeamId = TextOrNull(6),
        UserId = TextOrNull(7),
        Operation = Text(8),
        RequestedModel = Text(9),
        TargetModel = Text(10),
        ResponseModel = TextOrNull(11),
        Provider = Text(12),
        ResponseId = TextOrNull(13),
        Usage = Usage,
        Estimated = IsEstimated,
        CostNanoUsd = CostNanoUsd,
        PriceVersion = Text(23),
        Status = (int)Number(24),
        Outcome = LedgerOutcomes.TryParse(Text(25), out var outcome) ? outcome : throw new InvalidDataException($"The ledger holds an unknown outcome, {Text(25)}."),
        ErrorCode = TextOrNull(26),
        FinishReason = TextOrNull(27),
        Streamed = Number(28) != 0,
        TimeToFirstTokenMicros = _values[29].IsNull ? null : Number(29),
        DurationMicros = DurationMicros,
        Attempts = (int)Attempts,
        ProviderKey = TextOrNull(33),
        Route = TextOrNull(34),
        Rule = TextOrNull(35),
        Arm = TextOrNull(36),
        WastedNanoUsd = Number(37),
        AttemptList = TextOrNull(38) is { } list ? AttemptJson.Read(list) : null,
    };

    private long Number(int field) => _values[field].Number;
}
