namespace Gateway.Admission.Directory;

/// <summary>What is said of kinds of entities: their word, and who is above whom.</summary>
internal static class EntityKinds
{
    /// <summary>Every kind, the highest first.</summary>
    public static readonly IReadOnlyList<EntityKind> All = [EntityKind.Customer, EntityKind.Team, EntityKind.User, EntityKind.Key];

    /// <summary>The word for one: <c>customer</c>, <c>team</c>, <c>user</c>, <c>key</c>. Part of limits' ids and of what is stored.</summary>
    public static string Word(EntityKind kind) => kind switch
    {
        EntityKind.Customer => "customer",
        EntityKind.Team => "team",
        EntityKind.User => "user",
        _ => "key",
    };

    /// <summary>The kind of a word, or null.</summary>
    public static EntityKind? Parse(string? word) => word switch
    {
        "customer" => EntityKind.Customer,
        "team" => EntityKind.Team,
        "user" => EntityKind.User,
        "key" => EntityKind.Key,
        _ => null,
    };

    /// <summary>The kind of an entity.</summary>
    public static EntityKind Of(Entity entity) => entity switch
    {
        Customer => EntityKind.Customer,
        Team => EntityKind.Team,
        User => EntityKind.User,
        _ => EntityKind.Key,
    };

    /// <summary>What an entity belongs to, or null. Levels only point upwards, so there is no way back to where one began.</summary>
    public static (EntityKind Kind, string Id)? ParentOf(Entity entity) => entity switch
    {
        Team { Customer: { } customer } => (EntityKind.Customer, customer),
        User { Team: { } team } => (EntityKind.Team, team),
        User { Customer: { } customer } => (EntityKind.Customer, customer),
        KeyEntity { User: { } user } => (EntityKind.User, user),
        KeyEntity { Team: { } team } => (EntityKind.Team, team),
        KeyEntity { Customer: { } customer } => (EntityKind.Customer, customer),
        _ => null,
    };
}
