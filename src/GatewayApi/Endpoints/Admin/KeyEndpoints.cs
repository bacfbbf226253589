using System.Security.Cryptography;
using System.Text.Json;
using Gateway.Admission.Directory;
using Gateway.Admission.Roles;

namespace GatewayApi.Endpoints.Admin;

/// <summary>What is done with keys besides putting them: made with an id of the gateway's, rotated, disabled, enabled.</summary>
internal sealed class KeyEndpoints(DirectoryAccess access)
{
    private const string IdLetters = "abcdefghijkmnpqrstuvwxyz23456789";
    private const int IdLength = 12;

    /// <summary>Maps them.</summary>
    public static void Map(AdminRoutes routes)
    {
        var endpoints = new KeyEndpoints(routes.Services.GetRequiredService<DirectoryAccess>());
        var reply = new EndpointDescription("", "")
        {
            Parameters = [AdminCall.DryRunParameter],
            Produces = [new("application/json", OpenApiSchemas.Entity)],
            Errors = [404, 409, 412, 422],
        };
        routes.Post("/keys", Permission.KeysChange, reply with
        {
            Id = "createKey",
            Summary = "Makes a key with an id of the gateway's",
            Details = "The reply has its `value`, this once.",
            Request = "What the key may do; without an id. See docs/keys.md.",
            Succeeds = [201],
            Errors = [413, 415, 422],
        }, endpoints.CreateAsync);
        routes.Post("/keys/{id}/rotate", Permission.KeysChange, reply with
        {
            Id = "rotateKey",
            Summary = "Gives a key a new value",
            Details = "The reply has the new `value`, this once. The earlier one passes for `overlapSeconds` more (0 to 2592000; 0 when missing).",
            Request = "`{\"overlapSeconds\": 3600}`",
            Errors = [404, 409, 412, 413, 415, 422],
        }, endpoints.RotateAsync);
        routes.Post("/keys/{id}/disable", Permission.KeysChange, reply with { Id = "disableKey", Summary = "Disables a key" }, call => endpoints.SetDisabledAsync(call, true));
        routes.Post("/keys/{id}/enable", Permission.KeysChange, reply with { Id = "enableKey", Summary = "Enables a key again" }, call => endpoints.SetDisabledAsync(call, false));
    }

    private async Task CreateAsync(AdminCall call)
    {
        var id = "key-" + RandomNumberGenerator.GetString(IdLetters, IdLength);
        var key = await EntityEndpoints.ReadAsync(call, EntityKind.Key, id);
        await EntityReply.AnswerAsync(call, EntityKind.Key, id, await access.PutAsync(call.Grant, key, VersionCondition.Absent, call.DryRun, call.Cancellation));
    }

    private async Task RotateAsync(AdminCall call)
    {
        var condition = Preconditions.Of(call.Http.Request);
        var overlap = call.HasBody ? Overlap((await call.ReadBodyAsync()).Span) : TimeSpan.Zero;
        await EntityReply.AnswerAsync(call, EntityKind.Key, call.Id, await access.RotateAsync(call.Grant, call.Id, overlap, condition, call.DryRun, call.Cancellation));
    }

    private async Task SetDisabledAsync(AdminCall call, bool disabled) =>
        await EntityReply.AnswerAsync(
            call, EntityKind.Key, call.Id, await access.SetDisabledAsync(call.Grant, call.Id, disabled, Preconditions.Of(call.Http.Request), call.DryRun, call.Cancellation));

    private static TimeSpan Overlap(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        try
        {
            var overlap = TimeSpan.Zero;
            var seen = false;
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                throw Invalid("$", "must be an object");
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (!reader.ValueTextEquals("overlapSeconds"u8))
                    throw Invalid("$." + reader.GetString(), "is not known here; there is overlapSeconds");
                if (!reader.Read() || reader.TokenType != JsonTokenType.Number || !reader.TryGetInt32(out var seconds) || seconds < 0 || seconds > KeyOperations.LongestOverlap.TotalSeconds || seen)
                    throw Invalid("$.overlapSeconds", $"must stand there once, as a whole number from 0 to {KeyOperations.LongestOverlap.TotalSeconds:0}");
                (overlap, seen) = (TimeSpan.FromSeconds(seconds), true);
            }

            return reader.Read() ? throw Invalid("$", "must be one object") : overlap;
        }
        catch (JsonException)
        {
            throw Invalid("$", "is not JSON");
        }
    }

    private static Hosting.ProblemException Invalid(string path, string fault) => EntityReply.Invalid("The rotation", [new(path, fault)]);
}
