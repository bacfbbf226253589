using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using SQLitePCL;

namespace Gateway.Metering;

/// <summary>
/// What a batch adds to the table of hours, summed up while its entries are inserted: neighbours are mostly of one group, and reading entries back and sorting
/// them costs a quarter of applying. One thread at a time.
/// </summary>
/// <param name="replica">The replica's number.</param>
internal sealed class HourSums(long replica)
{
    private const long MicrosPerHour = 3_600_000_000;

    /// <summary>What the table tells apart besides hour, replica and life, in the order of its key: who pays, and what for.</summary>
    private static readonly string[] PayerColumns = ["key_id", "customer_id", "team_id", "user_id"];
    private static readonly string[] ModelColumns = ["requested_model", "provider", "target_model"];

    private static readonly int[] Payer = [.. PayerColumns.Select(LedgerFields.ParameterOf)];
    private static readonly int[] Model = [.. ModelColumns.Select(LedgerFields.ParameterOf)];
    private static readonly int Time = LedgerFields.ParameterOf("time");
    private static readonly int Operation = LedgerFields.ParameterOf("operation");
    private static readonly int Rule = LedgerFields.ParameterOf("rule");
    private static readonly int Attempts = LedgerFields.ParameterOf("attempts");
    private static readonly int InputTokens = LedgerFields.ParameterOf("input_tokens");
    private static readonly int OutputTokens = LedgerFields.ParameterOf("output_tokens");
    private static readonly int Cost = LedgerFields.ParameterOf("cost_nano_usd");
    private static readonly byte[] Shadow = Encoding.UTF8.GetBytes(LedgerOperations.Shadow);
    private static readonly byte[] RuleOwner = Encoding.UTF8.GetBytes(LedgerOperations.RuleOwner);

    /// <summary>By parameter: whether another value can mean another group. Time does so by its hour alone, which is compared.</summary>
    private static readonly bool[] Groups =
        [.. Enumerable.Range(0, LedgerFields.All.Length + 1).Select(parameter => parameter == Operation || parameter == Rule || Payer.Contains(parameter) || Model.Contains(parameter))];

    private readonly Dictionary<byte[], Sum> _sums = new(new BytesComparer());
    private readonly ArrayBufferWriter<byte> _key = new();
    private Sum? _last;
    private long _lastHour;
    private long _lastLife;
    private bool _changed;

    /// <summary>The statement for <see cref="Write"/>.</summary>
    public static string Upsert { get; } =
        $"INSERT INTO ledger_hours (hour, replica, life, {string.Join(", ", PayerColumns.Concat(ModelColumns))}, requests, tokens, cost_nano_usd) "
        + $"VALUES ({string.Join(", ", Enumerable.Repeat("?", 3 + PayerColumns.Length + ModelColumns.Length + 3))}) "
        + "ON CONFLICT DO UPDATE SET requests = requests + excluded.requests, tokens = tokens + excluded.tokens, cost_nano_usd = cost_nano_usd + excluded.cost_nano_usd";

    /// <summary>To be told of each parameter that is bound to another value than before.</summary>
    public void Changed(int parameter) => _changed |= Groups[parameter];

    /// <summary>Counts an entry, if a provider was called for it.</summary>
    /// <param name="entry">The entry's values by parameter.</param>
    /// <param name="life">The sequence that this life of the replica began with; 0 when the entry is of one before it.</param>
    /// <exception cref="OverflowException">A sum is too large for an integer: the batch must be rolled back.</exception>
    public void Add(ReadOnlySpan<BoundValue> entry, long life)
    {
        if (entry[Attempts].Number <= 0)
            return;
        var hour = entry[Time].Number / MicrosPerHour;
        if (_last is null || _changed || hour != _lastHour || life != _lastLife)
        {
            _last = Find(entry, hour, life);
            _lastHour = hour;
            _lastLife = life;
            _changed = false;
        }

        _last.Add(checked(entry[InputTokens].Number + entry[OutputTokens].Number), entry[Cost].Number);
    }

    /// <summary>Binds one group after the other to <see cref="Upsert"/> and has it run.</summary>
    public void Write(sqlite3_stmt upsert, Action<sqlite3_stmt> run)
    {
        foreach (var (key, sum) in _sums)
        {
            var rest = key.AsSpan();
            var parameter = 0;
            raw.sqlite3_bind_int64(upsert, ++parameter, ReadNumber(ref rest));
            raw.sqlite3_bind_int64(upsert, ++parameter, replica);
            raw.sqlite3_bind_int64(upsert, ++parameter, ReadNumber(ref rest));
            while (!rest.IsEmpty)
            {
                var length = (int)ReadNumber(ref rest);
                raw.sqlite3_bind_text(upsert, ++parameter, rest[..length]);
                rest = rest[length..];
            }

            raw.sqlite3_bind_int64(upsert, ++parameter, sum.Requests);
            raw.sqlite3_bind_int64(upsert, ++parameter, sum.Tokens);
            raw.sqlite3_bind_int64(upsert, ++parameter, sum.CostNanoUsd);
            run(upsert);
        }
    }

    /// <summary>Forgets the batch.</summary>
    public void Clear()
    {
        _sums.Clear();
        _last = null;
    }

    private static long ReadNumber(ref Span<byte> rest)
    {
        var number = BinaryPrimitives.ReadInt64LittleEndian(rest);
        rest = rest[sizeof(long)..];
        return number;
    }

    private Sum Find(ReadOnlySpan<BoundValue> entry, long hour, long life)
    {
        _key.ResetWrittenCount();
        KeyNumber(hour);
        KeyNumber(life);
        if (entry[Operation].Text.SequenceEqual(Shadow))
        {
            // Copies of requests are the rule's, and no caller's.
            KeyText(RuleOwner, entry[Rule].Text);
            for (var i = 1; i < Payer.Length; i++)
                KeyText([], []);
        }
        else
        {
            foreach (var parameter in Payer)
                KeyText([], entry[parameter].Text);
        }

        foreach (var parameter in Model)
            KeyText([], entry[parameter].Text);
        return CollectionsMarshal.GetValueRefOrAddDefault(_sums.GetAlternateLookup<ReadOnlySpan<byte>>(), _key.WrittenSpan, out _) ??= new Sum();
    }

    private void KeyNumber(long number)
    {
        BinaryPrimitives.WriteInt64LittleEndian(_key.GetSpan(sizeof(long)), number);
        _key.Advance(sizeof(long));
    }

    private void KeyText(ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> text)
    {
        KeyNumber(prefix.Length + text.Length);
        _key.Write(prefix);
        _key.Write(text);
    }

    private sealed class Sum
    {
        public long Requests { get; private set; }

        public long Tokens { get; private set; }

        public long CostNanoUsd { get; private set; }

        public void Add(long tokens, long costNanoUsd)
        {
            Requests++;
            Tokens = checked(Tokens + tokens);
            CostNanoUsd = checked(CostNanoUsd + costNanoUsd);
        }
    }
}
