using Gateway.Metering;
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
    public const string Usage = "Usage";
    public const string UsageReport = "UsageReport";
    public const string Readiness = "Readiness";
    public const string Problem = "Problem";
    public const string Entity = "Entity";
    public const string EntityPage = "EntityPage";
    public const string LimitPage = "LimitPage";
    public const string AuditReport = "AuditReport";
    public const string Self = "Self";

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
        document.AddComponent(AuditReport, Object(
            ("clean", flag), ("records", Whole), ("anchors", Whole), ("finding", maybe),
            ("head", new OpenApiSchema { Type = JsonSchemaType.Object | JsonSchemaType.Null })));
        document.AddComponent(Self, Object(
            ("id", Text), ("name", maybe), ("user", maybe), ("teams", List(Text)), ("roles", List(Text)),
            ("permissions", new OpenApiSchema { Type = JsonSchemaType.Object, AdditionalProperties = List(Text) })));
    }

    private static OpenApiSchema Field(LedgerField field)
    {
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
