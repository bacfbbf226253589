namespace Gateway.Metering;

/// <summary>
/// The sums of the batches that were applied last, for whoever publishes them at once: to read entries back and sum them up takes half as long as applying them. Who
/// lags behind reads the table.
/// </summary>
internal sealed class RecentSums
{
    /// <summary>More than what seconds of full load leave, and no more than some megabytes in memory.</summary>
    private const int MostBytes = 2 << 20;

    private readonly Lock _gate = new();
    private readonly Queue<(SummedBatch Batch, int Bytes)> _batches = [];
    private volatile bool _isWanted;
    private int _bytes;

    /// <summary>Whether someone has asked for them yet.</summary>
    public bool IsWanted => _isWanted;

    /// <summary>Takes the next batch.</summary>
    /// <param name="batch">It begins where the one before it ended.</param>
    /// <param name="bytes">How much text there is in its lines.</param>
    public void Add(SummedBatch batch, int bytes)
    {
        lock (_gate)
        {
            if (_bytes + bytes > MostBytes)
            {
                _batches.Clear();
                _bytes = 0;
                return;
            }

            _batches.Enqueue((batch, bytes));
            _bytes += bytes;
        }
    }

    /// <summary>The sums of the entries after a sequence; null: they are not all here. The same is given again until a later sequence is asked for.</summary>
    /// <param name="published">The sequence; what comes before it is forgotten.</param>
    /// <param name="limit">How many entries at most.</param>
    public SummedBatch? After(long published, int limit)
    {
        _isWanted = true;
        lock (_gate)
        {
            while (_batches.TryPeek(out var first) && first.Batch.First <= published)
                _bytes -= _batches.Dequeue().Bytes;
            var found = new List<SummedBatch>();
            foreach (var (batch, _) in _batches)
            {
                if (batch.First != (found.Count == 0 ? published : found[^1].Last) + 1 || batch.Last > published + limit)
                    break;
                found.Add(batch);
            }

            return found.Count switch
            {
                0 => null,
                1 => found[0],
                _ => found[0] with { Last = found[^1].Last, Lines = [.. found.SelectMany(batch => batch.Lines)] },
            };
        }
    }
}
