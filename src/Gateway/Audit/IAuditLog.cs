namespace Gateway.Audit;

/// <summary>The append-only, hash-chained record of what was administered and what was denied.</summary>
internal interface IAuditLog
{
    /// <summary>Records something; durable when the task is done.</summary>
    /// <exception cref="IOException">It could not be recorded: what it is about must not happen.</exception>
    Task AppendAsync(AuditEvent happened, CancellationToken cancellation = default);

    /// <summary>Counts a refused request of the data plane; recorded by class (caller, code, surface) once a minute, without waiting.</summary>
    void Denied(string actor, string code, string subject);
}
