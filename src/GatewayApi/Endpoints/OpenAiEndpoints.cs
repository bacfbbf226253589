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
    public static void MapOpenAi(this IEndpointRouteBuilder app)
    {
        MapOperation(app, "/v1/chat/completions", Operation.ChatCompletions, new OpenAiChatDialect());
        MapOperation(app, "/v1/responses", Operation.Responses, new OpenAiResponsesDialect());
        MapOperation(app, "/v1/completions", Operation.Completions, new OpenAiCompletionsDialect());
        MapOperation(app, "/v1/embeddings", Operation.Embeddings, new OpenAiEmbeddingsDialect());
    }

    private static void MapOperation(IEndpointRouteBuilder app, string path, Operation operation, IDialect dialect)
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

        app.MapPost(path, Serve).WithMetadata(new Func<HttpContext, Task>(Serve).Method, new OperationMetadata(operation));
    }
}
