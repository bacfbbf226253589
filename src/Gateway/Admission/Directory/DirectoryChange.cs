namespace Gateway.Admission.Directory;

/// <summary>A change that someone asks for.</summary>
/// <param name="Kind">Kind of the entity.</param>
/// <param name="Id">Its id.</param>
/// <param name="Value">What it shall say; null: delete it.</param>
/// <param name="Actor">Who asks, for the audit log.</param>
internal sealed record DirectoryChange(EntityKind Kind, string Id, Entity? Value, string Actor)
{
    /// <summary>The version it must have now; 0: it must not exist; null: whatever it has.</summary>
    public long? IfVersion { get; init; }

    /// <summary>Only say what would become of it.</summary>
    public bool DryRun { get; init; }
}
