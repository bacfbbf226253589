namespace Gateway.Audit;

/// <summary>Anchors that were kept, by sequence.</summary>
internal sealed class AuditAnchors
{
    private readonly SortedDictionary<long, AuditAnchor> _anchors = [];

    /// <summary>No anchors.</summary>
    public static AuditAnchors None { get; } = new();

    /// <summary>The newest, or null.</summary>
    public AuditAnchor? Newest => _anchors.Count == 0 ? null : _anchors.Values.Last();

    /// <summary>Reads a file with one anchor a line, in any order; the same one may come several times.</summary>
    /// <exception cref="InvalidDataException">A line is no anchor, or two anchors contradict each other.</exception>
    public static async Task<AuditAnchors> ReadAsync(Stream file, CancellationToken cancellation = default)
    {
        var anchors = new AuditAnchors();
        await using var lines = new AuditLineReader(file);
        while (await lines.ReadAsync(cancellation).ConfigureAwait(false) is { } line)
        {
            if (line.Bytes.Span.Trim(" \t\r"u8).IsEmpty)
                continue;
            var anchor = AuditAnchor.Parse(line.Bytes) ?? throw new InvalidDataException($"line {lines.Number} of the anchors is no anchor");
            if (anchors.Contradicts(anchor.Sequence, anchor.Hash))
                throw new InvalidDataException($"line {lines.Number} of the anchors contradicts an earlier one about record {anchor.Sequence}");
            anchors._anchors[anchor.Sequence] = anchor;
        }

        return anchors;
    }

    /// <summary>Whether there is an anchor of a record.</summary>
    public bool Has(long sequence) => _anchors.ContainsKey(sequence);

    /// <summary>Whether there is an anchor of a record that says another hash.</summary>
    public bool Contradicts(long sequence, byte[] hash) =>
        _anchors.TryGetValue(sequence, out var anchor) && !anchor.Hash.AsSpan().SequenceEqual(hash);
}
