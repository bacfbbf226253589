using Gateway.Admission.Directory;
using Gateway.Admission.Roles;
using Gateway.Configuration.Entities;

namespace GatewayApi.Endpoints.Admin;

/// <summary>Lists, shows, puts and deletes customers, teams, users and keys: the same for each kind.</summary>
internal sealed class EntityEndpoints(DirectoryAccess access, EntityKind kind)
{
    private const string Changing = "`If-Match: \"ETAG\"` or `*` and `If-None-Match: *` are honoured. The header `x-gateway-outcome` says created, changed, unchanged or deleted. What a file declares is not changed here (409).";

    private static readonly Dictionary<EntityKind, (Permission View, Permission Change, EntityKind[] Above)> Kinds = new()
    {
        [EntityKind.Customer] = (Permission.CustomersView, Permission.CustomersChange, []),
        [EntityKind.Team] = (Permission.TeamsView, Permission.TeamsChange, [EntityKind.Customer]),
        [EntityKind.User] = (Permission.UsersView, Permission.UsersChange, [EntityKind.Customer, EntityKind.Team]),
        [EntityKind.Key] = (Permission.KeysView, Permission.KeysChange, [EntityKind.Customer, EntityKind.Team, EntityKind.User]),
    };

    /// <summary>Maps them.</summary>
    public static void Map(AdminRoutes routes)
    {
        var access = routes.Services.GetRequiredService<DirectoryAccess>();
        foreach (var kind in EntityKinds.All)
            new EntityEndpoints(access, kind).MapKind(routes);
    }

    /// <summary>Reads an entity of a kind from a body.</summary>
    public static async Task<Entity> ReadAsync(AdminCall call, EntityKind kind, string id)
    {
        var reading = EntityReader.Read(kind, (await call.ReadBodyAsync()).Span, id);
        return reading.Entity ?? throw EntityReply.Invalid($"The {EntityKinds.Word(kind)} \"{id}\"", reading.Problems);
    }

    private void MapKind(AdminRoutes routes)
    {
        var word = EntityKinds.Word(kind);
        var name = char.ToUpperInvariant(word[0]) + word[1..];
        var (view, change, above) = Kinds[kind];
        var filters = above.Select(k => new EndpointParameter(EntityKinds.Word(k), $"Only those that belong to the {EntityKinds.Word(k)} with this id, directly or through a level between."));
        routes.Get($"/{word}s", view, new($"list{name}s", $"Lists {word}s by id")
        {
            Parameters = [.. filters, .. AdminCall.Paging],
            Produces = [new("application/json", OpenApiSchemas.EntityPage)],
        }, ListAsync);
        routes.Get($"/{word}s/{{id}}", view, new($"get{name}", $"Shows a {word}")
        {
            Details = "The reply can be put again as it is. `x-gateway-managed-by` says `api` or `file`.",
            Produces = [new("application/json", OpenApiSchemas.Entity)],
            Errors = [404],
        }, GetAsync);
        routes.Put($"/{word}s/{{id}}", change, new($"put{name}", $"Makes a {word}, or changes what it says")
        {
            Details = kind == EntityKind.Key ? $"A key that is made (201) has its `value` in the reply, this once. {Changing}" : Changing,
            Parameters = [AdminCall.DryRunParameter],
            Request = $"Everything that the {word} says: what is left out is not so any more. See docs/hierarchy.md.",
            Produces = [new("application/json", OpenApiSchemas.Entity)],
            Succeeds = [200, 201],
            Errors = [409, 412, 413, 415, 422],
        }, PutAsync);
        routes.Delete($"/{word}s/{{id}}", change, new($"delete{name}", $"Deletes a {word} to which nothing belongs any more")
        {
            Details = Changing,
            Parameters = [AdminCall.DryRunParameter],
            Succeeds = [204],
            Errors = [404, 409, 412, 422],
        }, DeleteAsync);
    }

    private Task ListAsync(AdminCall call)
    {
        var filters = Kinds[kind].Above.Where(k => call.Query(EntityKinds.Word(k)) is not null).Select(k => (k, call.Query(EntityKinds.Word(k))!)).ToList();
        var (limit, cursor) = (call.Limit, call.Query("cursor"));
        var page = access.All(call.Grant, kind)
            .Where(e => (cursor is null || string.CompareOrdinal(e.Value.Id, cursor) > 0) && filters.TrueForAll(f => access.BelongsTo(e.Value, f.k, f.Item2)))
            .Take(limit + 1).ToList();
        return call.WritePageAsync(page, limit, e => e.Value.Id, static (json, record) =>
        {
            json.WriteStartObject();
            json.WriteString("managedBy"u8, EntityReply.ManagedBy(record));
            json.WriteString("etag"u8, record.IsFileManaged ? null : Preconditions.ETag(record.Version));
            json.WriteStartObject("entity"u8);
            EntityWriter.WriteMembers(json, record.Value);
            json.WriteEndObject();
            json.WriteEndObject();
        });
    }

    private Task GetAsync(AdminCall call) =>
        EntityReply.WriteAsync(call, 200, access.Find(call.Grant, kind, call.Id) ?? throw EntityReply.NotFound(kind, call.Id));

    private async Task PutAsync(AdminCall call)
    {
        var condition = Preconditions.Of(call.Http.Request);
        var entity = await ReadAsync(call, kind, call.Id);
        await EntityReply.AnswerAsync(call, kind, call.Id, await access.PutAsync(call.Grant, entity, condition, call.DryRun, call.Cancellation));
    }

    private async Task DeleteAsync(AdminCall call) =>
        await EntityReply.AnswerAsync(call, kind, call.Id, await access.DeleteAsync(call.Grant, kind, call.Id, Preconditions.Of(call.Http.Request), call.DryRun, call.Cancellation));
}
