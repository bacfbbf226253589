using Gateway.Admission.Directory;
using Gateway.Configuration.Documents;
using Gateway.Routing.Policies;

namespace Gateway.Configuration.Entities;

/// <summary>Checks what declared entities say of each other. They can only name what is declared too: a file must be good by itself.</summary>
internal static class EntityReferences
{
    /// <summary>Reports every broken reference.</summary>
    public static void Check(GatewayConfig config, ProblemList problems)
    {
        var declared = new Dictionary<(EntityKind, string), Entity>();
        foreach (var (_, entity) in All(config))
            declared.TryAdd((EntityKinds.Of(entity), entity.Id), entity);
        var logins = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (path, entity) in All(config))
        {
            if (DirectoryRules.Parent(entity, (kind, id) => declared.ContainsKey((kind, id))) is var (name, fault) && !problems.Touches(JsonPath.Member(path, name)))
                problems.Add(JsonPath.Member(path, name), fault.Replace("make it first", "declare it here", StringComparison.Ordinal));
            if (entity is User { Login: { } login } && !logins.TryAdd(login, entity.Id))
                problems.Add(JsonPath.Member(path, "login"), $"is already the login of the user \"{logins[login]}\"");
            if (entity is KeyEntity key && !problems.Touches(path) && DirectoryRules.LacksModels(key, (kind, id) => declared.GetValueOrDefault((kind, id))))
                problems.Add(JsonPath.Member(path, "models"), "is missing; write what this key may use, such as [\"*\"], here or at a level above");
            CheckData(entity, path, declared, problems);
        }
    }

    // A level that has nothing in common with one above it would be allowed nowhere.
    private static void CheckData(Entity entity, string path, Dictionary<(EntityKind, string), Entity> declared, ProblemList problems)
    {
        if (entity.Residency is null && entity.Retention is null) return;
        var level = entity;
        for (var i = 0; i < 3 && EntityKinds.ParentOf(level) is var (kind, id) && declared.TryGetValue((kind, id), out var above); i++)
        {
            Check("residency", DataPolicy.Of(entity.Residency, null), DataPolicy.Of(above.Residency, null));
            Check("retention", DataPolicy.Of(null, entity.Retention), DataPolicy.Of(null, above.Retention));
            level = above;

            void Check(string name, DataPolicy? own, DataPolicy? theirs)
            {
                if (DataPolicy.Both(own, theirs)?.IsNowhere == true)
                    problems.Add(JsonPath.Member(path, name), $"has nothing in common with that of the {EntityKinds.Word(kind)} \"{id}\", so that nothing would be allowed; change one of them");
            }
        }
    }

    /// <summary>Every declared entity and where it is written.</summary>
    public static IEnumerable<(string Path, Entity Entity)> All(GatewayConfig config)
    {
        foreach (var customer in config.Customers) yield return (JsonPath.Member("$.customers", customer.Id), customer);
        foreach (var team in config.Teams) yield return (JsonPath.Member("$.teams", team.Id), team);
        foreach (var user in config.Users) yield return (JsonPath.Member("$.users", user.Id), user);
        for (var i = 0; i < config.Keys.Count; i++) yield return (JsonPath.Item("$.keys", i), config.Keys[i].Entity);
    }
}
