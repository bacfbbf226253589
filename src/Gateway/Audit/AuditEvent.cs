namespace Gateway.Audit;

/// <summary>Something that an auditor may ask about.</summary>
/// <param name="Actor">Who: a principal's id, a virtual key's id, or <c>gateway</c>.</param>
/// <param name="Action">What, dotted: <c>key.rotate</c>, <c>team.put</c>, <c>login</c>, <c>denied</c>.</param>
/// <param name="Subject">To what, e.g. <c>key/ann-laptop</c>.</param>
/// <param name="Outcome">How it ended: <c>ok</c>, or the code of the refusal.</param>
internal sealed record AuditEvent(string Actor, string Action, string Subject, string Outcome)
{
    /// <summary>More, as a JSON object in UTF-8; no secrets, no prompts. Empty: nothing.</summary>
    public ReadOnlyMemory<byte> Detail { get; init; }
}
