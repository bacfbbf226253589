using Gateway.Configuration;
using Gateway.Dialects;
using Gateway.Pipeline;
using Gateway.Protocol;
using GatewayApi.Hosting;
using GatewayApi.Telemetry;

namespace GatewayApi.Endpoints;

/// <summary>Maps files and batches, which are not operations on a model: they have a pipeline of their own.</summary>
internal static class StoredEndpoints
{
    /// <summary>Key of the pipeline among the services.</summary>
    public const string Pipeline = "stored";

    private static readonly string[] Bases = ["/v1", "/openai/v1"];
    private static readonly int[] Errors = [400, 401, 404, 413, 429, 502, 503, 504];
    private static readonly EndpointParameter Provider = new("provider", "The provider to keep the file at; `x-gateway-provider` says the same. Not needed where only one has files.");

    private static readonly EndpointParameter[] Paging =
    [
        new("limit", "How many at most, 1 to 100; 20 when missing."),
        new("after", "The id after which to begin."),
    ];

    public static void MapStored(this IEndpointRouteBuilder app)
    {
        foreach (var at in Bases)
        {
            Map(app, at, "POST", "/files", Operation.Files, StoredAction.Create, new("createFile", "Uploads a file to a provider") { Request = "As in OpenAI's API. The body is passed on as it arrives.", Consumes = "multipart/form-data", Required = ["file", "purpose"], Parameters = [Provider] });
            Map(app, at, "GET", "/files", Operation.Files, StoredAction.List, new("listFiles", "Lists the files that the key uploaded, newest first") { Parameters = Paging });
            Map(app, at, "GET", "/files/{id}", Operation.Files, StoredAction.Get, new("retrieveFile", "Shows a file"));
            Map(app, at, "GET", "/files/{id}/content", Operation.Files, StoredAction.Content, new("downloadFile", "The bytes of a file") { Produces = [new("application/octet-stream", "")] });
            Map(app, at, "DELETE", "/files/{id}", Operation.Files, StoredAction.Delete, new("deleteFile", "Deletes a file"));
            Map(app, at, "POST", "/batches", Operation.Batches, StoredAction.Create, new("createBatch", "Starts a batch, at the provider that has its input file") { Request = "As in OpenAI's API. The lines of the file name models as the provider does.", Required = ["input_file_id", "endpoint", "completion_window"] });
            Map(app, at, "GET", "/batches", Operation.Batches, StoredAction.List, new("listBatches", "Lists the batches that the key started, newest first") { Parameters = Paging });
            Map(app, at, "GET", "/batches/{id}", Operation.Batches, StoredAction.Get, new("retrieveBatch", "Shows a batch"));
            Map(app, at, "POST", "/batches/{id}/cancel", Operation.Batches, StoredAction.Cancel, new("cancelBatch", "Cancels a batch"));
        }
    }

    private static void Map(IEndpointRouteBuilder app, string at, string method, string path, Operation operation, StoredAction action, EndpointDescription description)
    {
        var services = app.ServiceProvider;
        var pipeline = services.GetRequiredKeyedService<RequestPipeline>(Pipeline);
        var snapshots = services.GetRequiredService<SnapshotHolder>();
        var traces = services.GetRequiredService<GatewayTraces>();
        var time = services.GetRequiredService<TimeProvider>();
        var dialect = DialectRegistry.For(Operation.ChatCompletions)!; // for errors

        async Task Serve(HttpContext http)
        {
            var exchange = new HttpClientExchange(http);
            using var context = new GatewayContext(exchange, snapshots.Current, operation, dialect, RequestIds.For(http), time)
            {
                Stored = new StoredCall(action, (string?)http.GetRouteValue("id")),
            };
            using var span = traces.Start(context);
            await pipeline.RunAsync(context);
            traces.Finish(span, context);
            if (exchange.IsBroken)
                throw new IncompleteReplyException();
        }

        object metadata = at == Bases[0] ? description with { Errors = Errors } : new EndpointAlias(description.Id);
        app.Map(at + path, Serve).WithMetadata(metadata, new HttpMethodMetadata([method]));
    }
}
