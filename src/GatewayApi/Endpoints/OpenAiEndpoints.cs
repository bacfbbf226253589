using Gateway.Configuration;
using Gateway.Dialects;
using Gateway.Dialects.OpenAiChat;
using Gateway.Dialects.OpenAiCompletions;
using Gateway.Dialects.OpenAiEmbeddings;
using Gateway.Dialects.OpenAiResponses;
using Gateway.Pipeline;
using Gateway.Protocol;
using GatewayApi.Hosting;
using GatewayApi.Telemetry;

namespace GatewayApi.Endpoints;

/// <summary>The OpenAI surface: one endpoint per operation, all through the same pipeline.</summary>
internal static class OpenAiEndpoints
{
    public static void MapOpenAi(this IEndpointRouteBuilder app, OperationPaths paths)
    {
        MapOperation(app, paths, "/v1/chat/completions", Operation.ChatCompletions, new OpenAiChatDialect(), Streaming("createChatCompletion", "Answers a conversation", "messages"));
        MapOperation(app, paths, "/v1/responses", Operation.Responses, new OpenAiResponsesDialect(), Streaming("createResponse", "Answers an input", "input"));
        MapOperation(app, paths, "/v1/completions", Operation.Completions, new OpenAiCompletionsDialect(), Streaming("createCompletion", "Continues a text (legacy)", "prompt"));
        MapOperation(app, paths, "/v1/embeddings", Operation.Embeddings, new OpenAiEmbeddingsDialect(), Described("createEmbedding", "Turns texts into vectors", "input"));
    }

    private static EndpointDescription Described(string id, string summary, string content) => new(id, summary)
    {
        Request = $"As the request of `{id}` in OpenAI's published API (https://github.com/openai/openai-openapi). `model` is `provider/model`, a model of the catalogue, or a route of the configuration. Members that are not known to the gateway reach the provider as they are.",
        Required = ["model", content],
        Errors = [400, 401, 404, 413, 429, 502, 503, 504],
    };

    private static EndpointDescription Streaming(string id, string summary, string content) => Described(id, summary, content) with
    {
        Details = "With `\"stream\": true` the reply is an event stream. A stream that could not be finished ends with an error event and without its proper end, never with a clean one. With the header `x-gateway-stream-facts: 1` a comment before the end says what `x-gateway-*` headers say of other replies.",
        Produces = [new("application/json", ""), new("text/event-stream", "")],
    };

    private static void MapOperation(IEndpointRouteBuilder app, OperationPaths paths, string path, Operation operation, IDialect dialect, EndpointDescription description)
    {
        var pipeline = app.ServiceProvider.GetRequiredService<RequestPipeline>();
        var snapshots = app.ServiceProvider.GetRequiredService<SnapshotHolder>();
        var traces = app.ServiceProvider.GetRequiredService<GatewayTraces>();
        var time = app.ServiceProvider.GetRequiredService<TimeProvider>();

        async Task Serve(HttpContext http)
        {
            var exchange = new HttpClientExchange(http);
            using var context = new GatewayContext(exchange, snapshots.Current, operation, dialect, RequestIds.For(http), time);
            using var span = traces.Start(context);
            await pipeline.RunAsync(context);
            GatewayTraces.Finish(span, context);
            if (exchange.IsBroken)
                throw new IncompleteReplyException();
        }

        paths.Add(path, Serve);
        app.MapPost(path, Serve).WithMetadata(description);
    }
}
