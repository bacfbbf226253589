namespace Gateway.Admission.Directory;

/// <summary>An entity in the directory.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Value">What it says.</param>
/// <param name="Version">Changes with every change of it: the sequence of the change, and the ETag of the admin API; 0 for one declared in a file.</param>
internal sealed record EntityRecord(EntityKind Kind, Entity Value, long Version)
{
    /// <summary>Whether a file declares it: the admin API shows it and does not change it.</summary>
    public bool IsFileManaged => Version == 0;
}
