using System.Globalization;
using System.Reflection;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace GatewayApi.Endpoints;

/// <summary>
/// The API's own description at <c>GET /openapi/v1.json</c>, made from the <see cref="EndpointDescription"/>s of the endpoints when it is
/// asked for: nothing is discovered by reflection, and nothing is done for it at start.
/// </summary>
internal sealed class GatewayOpenApi(EndpointDataSource endpoints) : IOpenApiDocumentTransformer
{
    private const string Bearer = "bearer";
    private const string Admin = "adminKey";
    private static readonly string[] KeyHeaders = ["x-api-key", "api-key", "x-goog-api-key"];

    public static void Add(IServiceCollection services) =>
        services.AddOpenApi("v1", options => options.AddDocumentTransformer<GatewayOpenApi>());

    public static void Map(WebApplication app) => app.MapOpenApi("/openapi/{documentName}.json");

    public Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new OpenApiInfo
        {
            Title = "AI gateway",
            Version = typeof(GatewayOpenApi).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0",
            Description = "The APIs of OpenAI, Anthropic, Google, Amazon Bedrock, Cohere and Ollama in front of many providers. Requests and replies are those of the vendors' published APIs, whose clients need only another base URL; every reply carries `x-request-id`, and those of models also `x-gateway-provider`, `x-gateway-model`, `x-gateway-attempts`, `Server-Timing` and, unless streamed, `x-gateway-cost-usd`.",
        };
        OpenApiSchemas.AddTo(document);
        AddSecurity(document);
        document.Paths = [];
        foreach (var endpoint in endpoints.Endpoints.OfType<RouteEndpoint>())
        {
            if (endpoint.Metadata.GetMetadata<EndpointDescription>() is { } description)
                AddOperation(document, endpoint, description);
        }

        return Task.CompletedTask;
    }

    private static void AddSecurity(OpenApiDocument document)
    {
        document.AddComponent(Bearer, new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "A virtual key." });
        foreach (var header in KeyHeaders)
            document.AddComponent(header, new OpenApiSecurityScheme { Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Header, Name = header, Description = "A virtual key." });
        document.AddComponent(Admin, new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "The admin key, or a token of somebody with a role." });
    }

    private static void AddOperation(OpenApiDocument document, RouteEndpoint endpoint, EndpointDescription description)
    {
        var path = description.Path ?? PathOf(endpoint);
        if (!document.Paths.TryGetValue(path, out var item))
            document.Paths.Add(path, item = new OpenApiPathItem { Operations = [] });
        var operation = new OpenApiOperation
        {
            OperationId = description.Id,
            Summary = description.Summary,
            Description = description.Details,
            Parameters = [.. endpoint.RoutePattern.Parameters.Select(p => PathParameter(p.Name)), .. description.Parameters.Select(QueryParameter)],
            RequestBody = description.Request is null ? null : RequestBody(description),
            Responses = Responses(document, description),
            Security = [.. Schemes(description.Access).Select(s => new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(s, document)] = [] })],
        };
        item.Operations!.Add(HttpMethod.Parse(endpoint.Metadata.GetRequiredMetadata<IHttpMethodMetadata>().HttpMethods[0]), operation);
    }

    /// <summary>Catch-all parameters are a matter of routing.</summary>
    private static string PathOf(RouteEndpoint endpoint) => endpoint.RoutePattern.RawText!.Replace("{**", "{", StringComparison.Ordinal);

    private static string[] Schemes(EndpointAccess access) => access switch
    {
        EndpointAccess.Key => [Bearer, .. KeyHeaders],
        EndpointAccess.Admin => [Admin],
        _ => [],
    };

    private static OpenApiParameter PathParameter(string name) =>
        new() { Name = name, In = ParameterLocation.Path, Required = true, Schema = new OpenApiSchema { Type = JsonSchemaType.String } };

    private static OpenApiParameter QueryParameter(EndpointParameter parameter) => new()
    {
        Name = parameter.Name,
        In = ParameterLocation.Query,
        Description = parameter.Description,
        Schema = new OpenApiSchema
        {
            Type = JsonSchemaType.String,
            Format = parameter.Format,
            Enum = parameter.Values is null ? null : [.. parameter.Values.Select(v => (System.Text.Json.Nodes.JsonNode)v)],
        },
    };

    private static OpenApiRequestBody RequestBody(EndpointDescription description) => new()
    {
        Required = true,
        Description = description.Request,
        Content = new Dictionary<string, OpenApiMediaType>
        {
            [description.Consumes] = new()
            {
                Schema = new OpenApiSchema { Type = JsonSchemaType.Object, Required = new HashSet<string>(description.Required), AdditionalPropertiesAllowed = true },
            },
        },
    };

    private static OpenApiResponses Responses(OpenApiDocument document, EndpointDescription description)
    {
        var responses = new OpenApiResponses();
        foreach (var status in description.Succeeds)
        {
            responses[status.ToString(CultureInfo.InvariantCulture)] = new OpenApiResponse
            {
                Description = status switch { 201 => "Made.", 204 => "Done.", _ => "The reply." },
                Content = status == 204 ? null : description.Produces.ToDictionary(p => p.Key, p => new OpenApiMediaType
                {
                    Schema = p.Value.Length == 0 ? new OpenApiSchema() : new OpenApiSchemaReference(p.Value, document),
                }),
            };
        }

        var (type, schema) = description.Access == EndpointAccess.Admin ? ("application/problem+json", OpenApiSchemas.Problem) : ("application/json", OpenApiSchemas.Error);
        foreach (var status in description.Errors)
        {
            responses[status.ToString(CultureInfo.InvariantCulture)] = new OpenApiResponse
            {
                Description = Meaning(status),
                Content = new Dictionary<string, OpenApiMediaType> { [type] = new() { Schema = new OpenApiSchemaReference(schema, document) } },
            };
        }

        return responses;
    }

    private static string Meaning(int status) => status switch
    {
        400 => "The request is not valid, or the provider refuses it.",
        401 => "No key, an unknown one, or a disabled one.",
        403 => "The caller may not do that.",
        404 => "There is no such thing, or the caller may not use it.",
        409 => "A file declares it.",
        412 => "The condition does not hold.",
        413 => "The request body is too large.",
        415 => "The request body is not of the right type.",
        422 => "What the request body says may not be so.",
        426 => "The request asks for no WebSocket.",
        429 => "The provider is rate limited or its quota is used up; see Retry-After.",
        502 => "The provider failed or could not be reached.",
        503 => "The gateway, its ledger or the provider is overloaded; see Retry-After.",
        504 => "The provider took too long.",
        _ => "An error.",
    };
}
