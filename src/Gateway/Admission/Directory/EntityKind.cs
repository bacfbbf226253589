namespace Gateway.Admission.Directory;

/// <summary>Kinds of entities.</summary>
internal enum EntityKind
{
    /// <summary><see cref="Directory.Customer"/>.</summary>
    Customer,

    /// <summary><see cref="Directory.Team"/>.</summary>
    Team,

    /// <summary><see cref="Directory.User"/>.</summary>
    User,

    /// <summary><see cref="KeyEntity"/>.</summary>
    Key,
}
