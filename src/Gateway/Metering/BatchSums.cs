using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using SQLitePCL;

namespace Gateway.Metering;

/// <summary>
/// The sums of a batch, made while its entries are inserted: neighbours are mostly of one group, and reading entries back and sorting them takes half as long as
/// inserting them. Groups are as fine as the table of hours and usage events need them together. One thread at a time.
/// </summary>
/// <param name="replica">The replica's number.</param>
internal sealed class BatchSums(long replica)
{
    /// <summary>Who pays, and what for: columns of the table of hours, in the order of its key.</summary>
    private static readonly string[] PayerColumns = ["key_id", "customer_id", "team_id", "user_id"];
    private static readonly string[] ModelColumns = ["requested_model", "provider", "target_model"];

    private static readonly int Outcome = LedgerFields.IndexOf("outcome");

    private static readonly int RequestedModel = LedgerFields.IndexOf("requested_model");
    private static readonly int TargetModel = LedgerFields.IndexOf("target_model");

    /// <summary>What a group has in common besides hour, life and whether a provider was called; in the order in which its key has them.</summary>
    private static readonly int[] Texts = [.. new[] { "operation", "rule" }.Concat(PayerColumns).Concat(ModelColumns).Select(LedgerFields.IndexOf)];

    private static readonly byte[] Shadow = Encoding.UTF8.GetBytes(LedgerOperations.Shadow);
    private static readonly byte[] RuleOwner = Encoding.UTF8.GetBytes(LedgerOperations.RuleOwner);

    /// <summary>The bits of the fields of which another value means another group.</summary>
    private static readonly ulong Groups = Texts.Aggregate(0UL, (bits, field) => bits | (1UL << field));

    private readonly Dictionary<byte[], Sum> _sums = new(new BytesComparer());
    private readonly ArrayBufferWriter<byte> _key = new();
    private Sum? _last;
    private (long Hour, long Life, bool Reached) _lastGroup;

    /// <summary>The statement for <see cref="Write"/>.</summary>
    public static string Upsert { get; } =
        $"INSERT INTO ledger_hours (hour, replica, life, {string.Join(", ", PayerColumns.Concat(ModelColumns))}, requests, tokens, cost_nano_usd) "
        + $"VALUES ({string.Join(", ", Enumerable.Repeat("?", 3 + PayerColumns.Length + ModelColumns.Length + 3))}) "
        + "ON CONFLICT DO UPDATE SET requests = requests + excluded.requests, tokens = tokens + excluded.tokens, cost_nano_usd = cost_nano_usd + excluded.cost_nano_usd";

    /// <summary>How much text the groups have.</summary>
    public int Bytes { get; private set; }

    /// <summary>Counts an entry.</summary>
    /// <param name="entry">The entry; what changed in it is what differs from the one counted before.</param>
    /// <param name="life">The sequence that this life of the replica began with; 0 when the entry is of one before it.</param>
    /// <exception cref="OverflowException">A sum is too large for an integer: the batch must be rolled back.</exception>
    public void Add(EntryValues entry, long life)
    {
        var group = (entry.TimeMicros / LedgerTime.MicrosPerHour, life, entry.Attempts > 0);
        if (_last is null || (entry.Changed & Groups) != 0 || group != _lastGroup)
        {
            _last = Find(entry, group);
            _lastGroup = group;
        }

        _last.Add(entry);
    }

    /// <summary>Binds what the table of hours gets to <see cref="Upsert"/>, one row after the other, and has it run. Only entries for which a provider was called count there.</summary>
    public void Write(sqlite3_stmt upsert, Action<sqlite3_stmt> run)
    {
        foreach (var (key, sum) in _sums)
        {
            var group = new GroupReader(key);
            var parameter = 0;
            raw.sqlite3_bind_int64(upsert, ++parameter, group.Number());
            raw.sqlite3_bind_int64(upsert, ++parameter, replica);
            raw.sqlite3_bind_int64(upsert, ++parameter, group.Number());
            if (group.Number() == 0)
                continue;
            var isShadow = group.Text().SequenceEqual(Shadow);
            var rule = group.Text();
            for (var i = 0; i < PayerColumns.Length; i++)
            {
                // Copies of requests are the rule's, and no caller's.
                var payer = group.Text();
                raw.sqlite3_bind_text(upsert, ++parameter, !isShadow ? payer : i == 0 ? [.. RuleOwner, .. rule] : []);
            }

            for (var i = 0; i < ModelColumns.Length; i++)
                raw.sqlite3_bind_text(upsert, ++parameter, group.Text());
            raw.sqlite3_bind_int64(upsert, ++parameter, sum.Total.Requests);
            raw.sqlite3_bind_int64(upsert, ++parameter, sum.Tokens);
            raw.sqlite3_bind_int64(upsert, ++parameter, sum.Total.CostNanoUsd);
            run(upsert);
        }
    }

    /// <summary>The sums as <see cref="SummedBatch.Lines"/>.</summary>
    public List<(DateTimeOffset Hour, UsageSeries Series, UsageSums Sums)> Lines()
    {
        var lines = new List<(DateTimeOffset, UsageSeries, UsageSums)>(_sums.Count);
        foreach (var (key, sum) in _sums)
        {
            var group = new GroupReader(key);
            var hour = LedgerTime.FromMicros(group.Number() * LedgerTime.MicrosPerHour);
            group.Number();
            var reached = group.Number() != 0;
            var operation = group.String();
            group.Text();
            var (keyId, customer, team, user) = (group.String(), group.String(), group.String(), group.String());
            var (model, provider, target) = (group.String(), group.String(), group.String());
            lines.Add((hour, new UsageSeries(customer, team, user, keyId ?? "", provider ?? "", model ?? "", target ?? "", operation ?? "", reached), sum.Total));
        }

        return lines;
    }

    /// <summary>Forgets the batch.</summary>
    public void Clear()
    {
        _sums.Clear();
        _last = null;
        Bytes = 0;
    }

    private Sum Find(EntryValues entry, (long Hour, long Life, bool Reached) group)
    {
        _key.ResetWrittenCount();
        KeyNumber(group.Hour);
        KeyNumber(group.Life);
        KeyNumber(group.Reached ? 1 : 0);
        foreach (var field in Texts)
        {
            // Where no provider was called a model may be any text: it is not told apart.
            if (entry[field].IsNull || (!group.Reached && (field == RequestedModel || field == TargetModel)))
            {
                KeyNumber(-1);
                continue;
            }

            KeyNumber(entry[field].Text.Length);
            _key.Write(entry[field].Text);
        }

        ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(_sums.GetAlternateLookup<ReadOnlySpan<byte>>(), _key.WrittenSpan, out var exists);
        if (!exists)
            Bytes += _key.WrittenCount;
        return sum ??= new Sum();
    }

    private void KeyNumber(long number)
    {
        BinaryPrimitives.WriteInt64LittleEndian(_key.GetSpan(sizeof(long)), number);
        _key.Advance(sizeof(long));
    }

    /// <summary>Reads a group's key.</summary>
    private ref struct GroupReader(ReadOnlySpan<byte> key)
    {
        private ReadOnlySpan<byte> _rest = key;

        public long Number()
        {
            var number = BinaryPrimitives.ReadInt64LittleEndian(_rest);
            _rest = _rest[sizeof(long)..];
            return number;
        }

        /// <summary>The next text; empty where it is NULL.</summary>
        public ReadOnlySpan<byte> Text() => TryText(out var text) ? text : [];

        /// <summary>The next text, or null.</summary>
        public string? String() => TryText(out var text) ? Encoding.UTF8.GetString(text) : null;

        private bool TryText(out ReadOnlySpan<byte> text)
        {
            var length = (int)Number();
            text = _rest[..Math.Max(0, length)];
            _rest = _rest[text.Length..];
            return length >= 0;
        }
    }

    private sealed class Sum
    {
        private UsageSums _total;

        public UsageSums Total => _total;

        /// <summary>Input and output together.</summary>
        public long Tokens { get; private set; }

        public void Add(EntryValues entry)
        {
            var outcome = entry[Outcome].Text;
            var tokens = entry.Usage;
            Tokens = checked(Tokens + tokens.Input + tokens.Output);
            _total += new UsageSums(
                1, Is(outcome, "completed"u8), Is(outcome, "failed"u8), Is(outcome, "interrupted"u8), Is(outcome, "aborted"u8), entry.IsEstimated ? 1 : 0, tokens, entry.CostNanoUsd);
        }

        private static long Is(ReadOnlySpan<byte> outcome, ReadOnlySpan<byte> name) => outcome.SequenceEqual(name) ? 1 : 0;
    }
}
