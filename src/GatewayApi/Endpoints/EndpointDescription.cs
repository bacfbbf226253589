namespace GatewayApi.Endpoints;

/// <summary>What the API description says of an endpoint. Metadata of the endpoint, so that neither can be there without the other.</summary>
/// <param name="Id">Operation id, camelCase.</param>
/// <param name="Summary">One line.</param>
internal sealed record EndpointDescription(string Id, string Summary)
{
    /// <summary>More, in Markdown; or null.</summary>
    public string? Details { get; init; }

    /// <summary>The path as people should read it; null: as it is mapped.</summary>
    public string? Path { get; init; }

    /// <summary>Whose key it asks for.</summary>
    public EndpointAccess Access { get; init; } = EndpointAccess.Key;

    /// <summary>Query parameters.</summary>
    public IReadOnlyList<EndpointParameter> Parameters { get; init; } = [];

    /// <summary>What the JSON request body is, in words; null when there is none.</summary>
    public string? Request { get; init; }

    /// <summary>Content type of the request body.</summary>
    public string Consumes { get; init; } = "application/json";

    /// <summary>Members the request body must have.</summary>
    public IReadOnlyList<string> Required { get; init; } = [];

    /// <summary>Content types of a good reply and the name of each one's schema; an empty name stands for any.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Produces { get; init; } = [new("application/json", "")];

    /// <summary>Statuses of good replies; 204 has no content.</summary>
    public IReadOnlyList<int> Succeeds { get; init; } = [200];

    /// <summary>Statuses of errors, all in the shape of the Error schema, those of the admin API in that of the Problem schema.</summary>
    public IReadOnlyList<int> Errors { get; init; } = [];
}
