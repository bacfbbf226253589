namespace Gateway.Routing.Policies;

/// <summary>Where data may go. An empty list allows everything; a target that does not say where it is, or how long it keeps data, is allowed only by an empty one.</summary>
/// <param name="Residencies">Regions of the law, such as <c>eu</c>.</param>
/// <param name="Retentions">Classes of retention, such as <c>none</c> or <c>30d</c>.</param>
internal sealed record DataPolicy(IReadOnlyList<string> Residencies, IReadOnlyList<string> Retentions)
{
    /// <summary>Whether data may go to a place.</summary>
    public bool Allows(string? residency, string? retention) =>
        (Residencies.Count == 0 || (residency is not null && Residencies.Contains(residency))) && (Retentions.Count == 0 || (retention is not null && Retentions.Contains(retention)));
}
