using Gateway.Admission.Directory;

namespace Gateway.Admission.Roles;

/// <summary>What must hold of an entity for a change to be made. The default asks for nothing.</summary>
/// <param name="Version">The version it must have; 0: it must not exist.</param>
/// <param name="MustExist">Whether it must exist, in whatever version.</param>
internal readonly record struct VersionCondition(long? Version, bool MustExist = false)
{
    /// <summary>It must not exist.</summary>
    public static readonly VersionCondition Absent = new(0);

    /// <summary>It must exist.</summary>
    public static readonly VersionCondition Present = new(null, true);

    /// <summary>Whether it holds.</summary>
    public bool Holds(EntityRecord? entity) => (!MustExist || entity is not null) && (Version is null || Version == (entity?.Version ?? 0));
}
