namespace Gateway.Protocol;

/// <summary>What can be asked of files and batches.</summary>
internal enum StoredAction
{
    /// <summary>Make one.</summary>
    Create,

    /// <summary>List the caller's.</summary>
    List,

    /// <summary>Show one.</summary>
    Get,

    /// <summary>The bytes of a file.</summary>
    Content,

    /// <summary>Delete a file.</summary>
    Delete,

    /// <summary>Cancel a batch.</summary>
    Cancel,
}
