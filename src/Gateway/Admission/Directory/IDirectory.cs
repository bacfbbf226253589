namespace Gateway.Admission.Directory;

/// <summary>The customers, teams, users and keys of the deployment, the same on every replica within seconds.</summary>
internal interface IDirectory
{
    /// <summary>The entities as this replica knows them.</summary>
    DirectorySnapshot Current { get; }

    /// <summary>Raised after <see cref="Current"/> has changed.</summary>
    event Action<DirectorySnapshot>? Changed;

    /// <summary>Makes a change. This replica knows of it when the task is done, the others within seconds.</summary>
    /// <exception cref="IOException">The state store cannot be reached. The change may or may not have been made: look again.</exception>
    Task<DirectoryResult> ChangeAsync(DirectoryChange change, CancellationToken cancellation = default);
}
