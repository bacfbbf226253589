namespace Gateway.Admission.Roles;

/// <summary>What became of a change that somebody asked for.</summary>
internal enum AccessOutcome
{
    /// <summary>Made; there was none before.</summary>
    Created,

    /// <summary>Made.</summary>
    Changed,

    /// <summary>It says that already.</summary>
    Unchanged,

    /// <summary>There is none, or none that they may know of.</summary>
    NotFound,

    /// <summary>The condition does not hold.</summary>
    VersionDiffers,

    /// <summary>A file declares it.</summary>
    FileManaged,

    /// <summary>It may not be so; see the problems.</summary>
    Invalid,

    /// <summary>It lies outside of what they administer.</summary>
    Forbidden,
}
