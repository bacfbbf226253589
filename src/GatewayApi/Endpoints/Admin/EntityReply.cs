using Gateway.Admission.Directory;
using Gateway.Admission.Roles;
using Gateway.Configuration.Entities;
using Gateway.Errors;
using GatewayApi.Hosting;

namespace GatewayApi.Endpoints.Admin;

/// <summary>Answers with entities, and with what became of changes.</summary>
internal static class EntityReply
{
    /// <summary>Says what a change did, or would do.</summary>
    public const string OutcomeHeader = "x-gateway-outcome";

    /// <summary>Says who manages an entity: <c>api</c>, or <c>file</c>.</summary>
    public const string ManagedByHeader = "x-gateway-managed-by";

    /// <summary>The word for who manages an entity.</summary>
    public static string ManagedBy(EntityRecord record) => record.IsFileManaged ? "file" : "api";

    /// <summary>Answers with an entity as it can be put again; a key's new value is beside it once.</summary>
    /// <param name="call">The call.</param>
    /// <param name="status">200 or 201.</param>
    /// <param name="record">The entity.</param>
    /// <param name="value">A key's new value, or null.</param>
    public static Task WriteAsync(AdminCall call, int status, EntityRecord record, string? value = null)
    {
        var headers = call.Http.Response.Headers;
        headers[ManagedByHeader] = ManagedBy(record);
        // What would be has no version yet, and what a file says is not changed here.
        if (!record.IsFileManaged && !call.DryRun)
            headers.ETag = Preconditions.ETag(record.Version);
        return call.WriteAsync(status, json =>
        {
            EntityWriter.WriteMembers(json, record.Value);
            if (value is not null)
                json.WriteString("value"u8, value);
        });
    }

    /// <summary>Answers with what became of a change.</summary>
    /// <exception cref="ProblemException">It was not made.</exception>
    public static Task AnswerAsync(AdminCall call, EntityKind kind, string id, AccessAnswer answer)
    {
        var name = $"The {EntityKinds.Word(kind)} \"{id}\"";
        if (!answer.Succeeded)
            throw Refused(name, answer);
        var response = call.Http.Response;
        response.Headers[OutcomeHeader] = answer.Entity is null ? "deleted" : answer.Outcome.ToString().ToLowerInvariant();
        if (answer.Entity is not { } record)
        {
            response.StatusCode = StatusCodes.Status204NoContent;
            return Task.CompletedTask;
        }

        var isMade = answer.Outcome == AccessOutcome.Created && !call.DryRun;
        if (isMade)
            response.Headers.Location = $"{AdminRoutes.Base}/{EntityKinds.Word(kind)}s/{id}";
        return WriteAsync(call, isMade ? StatusCodes.Status201Created : StatusCodes.Status200OK, record, answer.Value);
    }

    /// <summary>The problem of an entity that is not there.</summary>
    public static ProblemException NotFound(EntityKind kind, string id) =>
        new(new GatewayError(ErrorKinds.EntityNotFound, $"There is no {EntityKinds.Word(kind)} \"{id}\", or it is not yours to see."));

    private static ProblemException Refused(string name, AccessAnswer answer) => answer.Outcome switch
    {
        AccessOutcome.NotFound => new(new GatewayError(ErrorKinds.EntityNotFound, $"{name} does not exist, or is not yours to change.")),
        AccessOutcome.VersionDiffers => new(new GatewayError(ErrorKinds.VersionDiffers, answer.Entity is { } now
            ? $"{name} exists and has the ETag {Preconditions.ETag(now.Version)}. Read it again."
            : $"{name} does not exist.")),
        AccessOutcome.FileManaged => new(new GatewayError(ErrorKinds.FileManaged, $"{name} is declared in a file. Change it there.")),
        AccessOutcome.Forbidden => new(new GatewayError(ErrorKinds.Forbidden, $"{name} lies outside of what you administer, or would.")),
        _ => Invalid(name, answer.Problems),
    };

    /// <summary>The problem of an entity that may not be so.</summary>
    public static ProblemException Invalid(string name, IReadOnlyList<KeyValuePair<string, string>> problems) =>
        new(new GatewayError(ErrorKinds.InvalidEntity, $"{name} may not be so; see errors."), problems);
}
