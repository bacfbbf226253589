using Gateway.Metering;
using Gateway.Routing;
using Gateway.Routing.Attempts;
using Microsoft.OpenApi;

namespace GatewayApi.Endpoints;

/// <summary>Schemas of what the gateway itself defines. OpenAI's own shapes are relayed as they are and are not repeated here.</summary>
internal static class OpenApiSchemas
{
    public const string Error = "Error";
    public const string Model = "Model";
    public const string ModelList = "ModelList";
    public const string LedgerEntry = "LedgerEntry";
    public const string LedgerPage = "LedgerPage";
    public const string Decision = "Decision";
    public const string Usage = "Usage";
    public const string UsageReport = "UsageReport";
    public const string Readiness = "Readiness";
    public const string Problem = "Problem";
    public const string Entity = "Entity";
    public const string EntityPage = "EntityPage";
    public const string LimitPage = "LimitPage";
    public const string TargetPage = "TargetPage";
    public const string AuditReport = "AuditReport";
    public const string Self = "Self";

    private static readonly string[] TokenClasses = ["input", "output", "cache_read", "cache_write", "reasoning", "audio_input", "audio_output", "search_units"];

    private static readonly OpenApiSchema Text = new() { Type = JsonSchemaType.String };
    private static readonly OpenApiSchema Amount = new() { Type = JsonSchemaType.Number };
    private static readonly OpenApiSchema Whole = new() { Type = JsonSchemaType.Integer, Format = "int64" };

    /// <summary>Adds all of them.</summary>
    public static void AddTo(OpenApiDocument document)
    {
        document.AddComponent(Error, Object(("error", Object(
            ("message", Text), ("type", Text), ("param", new OpenApiSchema { Type = JsonSchemaType.String | JsonSchemaType.Null }),
            ("code", new OpenApiSchema { Type = JsonSchemaType.String, Description = "Stable; docs/errors.md lists the codes." })))));
        document.AddComponent(Model, Object(
            ("id", Text), ("object", Text), ("created", Whole), ("owned_by", Text), ("mode", Text), ("context_window", Whole), ("max_output_tokens", Whole),
            ("capabilities", List(Text)), ("input_modalities", List(Text)), ("output_modalities", List(Text)),
            ("price", Object(("version", Text), ("input_usd_per_mtok", Amount), ("output_usd_per_mtok", Amount), ("cached_input_usd_per_mtok", Amount), ("cache_write_usd_per_mtok", Amount),
                ("audio_input_usd_per_mtok", Amount), ("audio_output_usd_per_mtok", Amount), ("usd_per_search", Amount), ("usd_per_image", Amount),
                ("usd_per_megapixel", Amount), ("usd_per_audio_minute", Amount), ("usd_per_mchar", Amount)))));
        document.AddComponent(ModelList, Object(("object", Text), ("data", List(new OpenApiSchemaReference(Model, document)))));
        document.AddComponent(LedgerEntry, Object([.. LedgerFields.All.Select(f => (f.Name, (IOpenApiSchema)Field(f))), ("cost_usd", Text)]));
        document.AddComponent(LedgerPage, Object(
            ("data", List(new OpenApiSchemaReference(LedgerEntry, document))), ("next_cursor", new OpenApiSchema { Type = JsonSchemaType.String | JsonSchemaType.Null })));
        AddDecision(document);
        document.AddComponent(Usage, Object(
            ("key_id", Text), ("requests", Whole), ("cost_nano_usd", Whole), ("cost_usd", Text),
            ("models", List(Object(("model", Text), ("requests", Whole), ("input_tokens", Whole), ("output_tokens", Whole), ("cost_nano_usd", Whole), ("cost_usd", Text))))));
        document.AddComponent(UsageReport, Object(
            ("group", Text), ("step", Text), ("data", List(Object(
                ("start", new OpenApiSchema { Type = JsonSchemaType.String, Format = "date-time" }), ("id", new OpenApiSchema { Type = JsonSchemaType.String | JsonSchemaType.Null }),
                ("requests", Whole), ("completed", Whole), ("failed", Whole), ("interrupted", Whole), ("aborted", Whole), ("estimated_requests", Whole),
                ("input_tokens", Whole), ("output_tokens", Whole), ("cache_read_tokens", Whole), ("cache_write_tokens", Whole), ("reasoning_tokens", Whole),
                ("audio_input_tokens", Whole), ("audio_output_tokens", Whole), ("search_units", Whole), ("cost_nano_usd", Whole), ("cost_usd", Text))))));
        document.AddComponent(Readiness, Object(
            ("status", Text), ("state", Text), ("semanticIndex", Text), ("configurationEpoch", Whole),
            ("refusedConfiguration", List(Text)),
            ("directory", Object(
                ("lastRead", new OpenApiSchema { Type = JsonSchemaType.String | JsonSchemaType.Null, Format = "date-time" }),
                ("fault", new OpenApiSchema { Type = JsonSchemaType.String | JsonSchemaType.Null }),
                ("problems", List(Text)))),
            ("usage", Object(
                ("unpublishedEntries", Whole), ("lagSeconds", Amount), ("fault", new OpenApiSchema { Type = JsonSchemaType.String | JsonSchemaType.Null })))));
        AddAdmin(document);
    }

    private static void AddDecision(OpenApiDocument document)
    {
        var maybe = new OpenApiSchema { Type = JsonSchemaType.String | JsonSchemaType.Null };
        document.AddComponent(Decision, Object(
            ("request_id", Text), ("time", new OpenApiSchema { Type = JsonSchemaType.String, Format = "date-time" }), ("requested_model", Text),
            ("route", maybe), ("rule", maybe), ("arm", maybe), ("outcome", Text), ("error", maybe), ("duration_ms", Amount),
            ("attempts", List(Object(
                ("number", Whole), ("target", Text), ("reason", Words<AttemptReason>(DecisionWords.Of)), ("pause_ms", Amount), ("start_ms", Amount), ("duration_ms", Amount),
                ("first_token_ms", new OpenApiSchema { Type = JsonSchemaType.Number | JsonSchemaType.Null }), ("outcome", Words<AttemptOutcome>(DecisionWords.Of)),
                ("status", new OpenApiSchema { Type = JsonSchemaType.Integer | JsonSchemaType.Null }), ("error", maybe)))),
            ("skipped", List(Object(("target", Text), ("reason", Words<SkipReason>(DecisionWords.Of)))))));
    }

    private static OpenApiSchema Words<T>(Func<T, string> word)
        where T : struct, Enum => new() { Type = JsonSchemaType.String, Enum = [.. Enum.GetValues<T>().Select(value => (System.Text.Json.Nodes.JsonNode)word(value))] };

    private static OpenApiSchema Attempts() => new()
    {
        Type = JsonSchemaType.Object | JsonSchemaType.Null,
        Description = "Each call of a provider; null when there was one and it answered. Members of the list that are absent are 0, false or null.",
        Properties = new Dictionary<string, IOpenApiSchema>
        {
            ["v"] = Whole,
            ["list"] = List(Object(
                ("provider", Text), ("model", Text), ("key", Text), ("reason", Text), ("outcome", Text), ("status", Whole), ("error_code", Text),
                ("start_us", Whole), ("duration_us", Whole), ("time_to_first_token_us", Whole), ("pause_us", Whole),
                ("usage", Object([.. TokenClasses.Select(name => (name, (IOpenApiSchema)Whole))])),
                ("estimated", new OpenApiSchema { Type = JsonSchemaType.Boolean }), ("cost_nano_usd", Whole), ("wasted_nano_usd", Whole), ("price_version", Text))),
        },
    };

    private static void AddAdmin(OpenApiDocument document)
    {
        var maybe = new OpenApiSchema { Type = JsonSchemaType.String | JsonSchemaType.Null };
        var flag = new OpenApiSchema { Type = JsonSchemaType.Boolean };
        var moment = new OpenApiSchema { Type = JsonSchemaType.String | JsonSchemaType.Null, Format = "date-time" };
        document.AddComponent(Problem, Object(
            ("type", Text), ("title", Text), ("status", Whole), ("detail", Text),
            ("code", new OpenApiSchema { Type = JsonSchemaType.String, Description = "Stable; docs/errors.md lists the codes." }),
            ("errors", List(Object(("path", Text), ("message", Text)))), ("requestId", Text)));
        var entity = Object(("id", Text), ("name", Text), ("disabled", flag), ("value", new OpenApiSchema { Type = JsonSchemaType.String, Description = "A key's new value, shown once." }));
        entity.Description = "A customer, team, user or key as gateway.json writes it.";
        entity.AdditionalPropertiesAllowed = true;
        document.AddComponent(Entity, entity);
        document.AddComponent(EntityPage, Object(
            ("data", List(Object(("managedBy", Text), ("etag", maybe), ("entity", new OpenApiSchemaReference(Entity, document))))), ("next_cursor", maybe)));
        document.AddComponent(LimitPage, Object(
            ("data", List(Object(
                ("id", Text), ("name", Text), ("scope", Text), ("owner", Text), ("kind", Text), ("unit", Text),
                ("amount", Amount), ("used", Amount), ("held", Amount), ("remaining", Amount), ("usedPercent", Amount),
                ("windowStart", moment), ("windowEnd", moment), ("rolling", flag)))),
            ("next_cursor", maybe)));
        var maybeAmount = new OpenApiSchema { Type = JsonSchemaType.Number | JsonSchemaType.Null };
        var probe = Object(("up", flag), ("reason", maybe), ("ms", Amount), ("at", moment), ("since", moment));
        probe.Type = JsonSchemaType.Object | JsonSchemaType.Null;
        document.AddComponent(TargetPage, Object(
            ("data", List(Object(
                ("target", Text), ("provider", Text), ("model", Text), ("circuit", Text), ("cause", maybe), ("openUntil", moment), ("trips", Whole), ("coolUntil", moment),
                ("inFlight", Whole), ("limit", Whole), ("waiting", Whole), ("calls", Whole), ("failures", Whole), ("refusals", Whole), ("retries", Whole),
                ("firstTokenMs", maybeAmount), ("lastError", maybe), ("probe", probe)))),
            ("next_cursor", maybe)));
        document.AddComponent(AuditReport, Object(
            ("clean", flag), ("records", Whole), ("anchors", Whole), ("finding", maybe),
            ("head", new OpenApiSchema { Type = JsonSchemaType.Object | JsonSchemaType.Null })));
        document.AddComponent(Self, Object(
            ("id", Text), ("name", maybe), ("user", maybe), ("teams", List(Text)), ("roles", List(Text)),
            ("permissions", new OpenApiSchema { Type = JsonSchemaType.Object, AdditionalProperties = List(Text) })));
    }

    private static OpenApiSchema Field(LedgerField field)
    {
        if (field.Kind == LedgerFieldKind.Json)
            return Attempts();
        var type = field.Kind switch
        {
            LedgerFieldKind.Integer => JsonSchemaType.Integer,
            LedgerFieldKind.Flag => JsonSchemaType.Boolean,
            _ => JsonSchemaType.String,
        };
        return new OpenApiSchema
        {
            Type = field.Nullable ? type | JsonSchemaType.Null : type,
            Format = field.Kind switch { LedgerFieldKind.Integer => "int64", LedgerFieldKind.Time => "date-time", _ => null },
        };
    }

    private static OpenApiSchema Object(params (string Name, IOpenApiSchema Schema)[] members) =>
        new() { Type = JsonSchemaType.Object, Properties = members.ToDictionary(m => m.Name, m => m.Schema) };

    private static OpenApiSchema List(IOpenApiSchema items) => new() { Type = JsonSchemaType.Array, Items = items };
}
