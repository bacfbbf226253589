namespace Gateway.Secrets;

/// <summary>What is known of one secret of the vault.</summary>
internal sealed class VaultEntry
{
    private volatile Secret? _secret;
    private volatile string? _fault;
    private volatile bool _isRead;
    private volatile bool _isAway;

    /// <summary>Held while the vault is asked for it.</summary>
    public SemaphoreSlim Reading { get; } = new(1);

    /// <summary>The last that the vault gave; null while it gave none.</summary>
    public Secret? Secret
    {
        get => _secret;
        set => _secret = value;
    }

    /// <summary>What was wrong with the last reading; null: nothing.</summary>
    public string? Fault
    {
        get => _fault;
        set => _fault = value;
    }

    /// <summary>Whether it has been read, well or not.</summary>
    public bool IsRead
    {
        get => _isRead;
        set => _isRead = value;
    }

    /// <summary>Whether the vault did not answer the last reading.</summary>
    public bool IsAway
    {
        get => _isAway;
        set => _isAway = value;
    }

    /// <summary>When it was last refused and read again without having changed, by the clock's timestamps. Only while <see cref="Reading"/> is held.</summary>
    public long? FoundSameAt { get; set; }
}
