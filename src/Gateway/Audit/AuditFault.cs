namespace Gateway.Audit;

/// <summary>What can be wrong with an exported log.</summary>
internal enum AuditFault
{
    /// <summary>A record was changed, or replaced by another.</summary>
    Edited,

    /// <summary>Records are missing.</summary>
    Missing,

    /// <summary>A record stands somewhere else.</summary>
    Misplaced,

    /// <summary>A record stands there twice.</summary>
    Repeated,
}
