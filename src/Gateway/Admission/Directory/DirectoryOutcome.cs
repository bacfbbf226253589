namespace Gateway.Admission.Directory;

/// <summary>What became of a change.</summary>
internal enum DirectoryOutcome
{
    /// <summary>Made, and durable.</summary>
    Changed,

    /// <summary>It says that already.</summary>
    Unchanged,

    /// <summary>There is none to delete or to change.</summary>
    NotFound,

    /// <summary>It has another version than was asked for.</summary>
    VersionDiffers,

    /// <summary>A file declares it.</summary>
    FileManaged,

    /// <summary>It may not be so; see the problems.</summary>
    Invalid,
}
