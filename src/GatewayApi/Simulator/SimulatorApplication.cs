using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace GatewayApi.Simulator;

/// <summary>Serves the simulator's requests straight from Kestrel: no hosting, routing or logging, so it costs no start-up time.</summary>
internal sealed class SimulatorApplication(SimulatorOptions options, TimeProvider time, CancellationToken stopping) : IHttpApplication<HttpContext>
{
    private const string ModelPath = "/v1/models/";
    private readonly SeenRequests _seen = new();

    /// <inheritdoc/>
    public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

    /// <inheritdoc/>
    public void DisposeContext(HttpContext context, Exception? exception)
    {
    }

    /// <inheritdoc/>
    public async Task ProcessRequestAsync(HttpContext context)
    {
        context.Response.Headers["x-request-id"] = "req_" + Ids.Random(32);
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        try
        {
            await RouteAsync(context, leaving.Token);
        }
        catch (SimulatorException e) when (!context.Response.HasStarted)
        {
            await WriteErrorAsync(context, e);
        }
        catch (Exception e) when (!context.Response.HasStarted && e is JsonException or InvalidOperationException)
        {
            await WriteErrorAsync(context, new SimulatorException(400, "The body is not valid JSON."));
        }
        catch (Exception e) when (leaving.IsCancellationRequested && e is OperationCanceledException or IOException)
        {
            // The client left, or the server stops: there is nobody to tell. Not a clean end of the reply, though.
            context.Abort();
        }
    }

    private Task RouteAsync(HttpContext context, CancellationToken cancellation)
    {
        var path = context.Request.Path.Value ?? string.Empty;
        if (HttpMethods.IsGet(context.Request.Method))
        {
            if (path == "/v1/models")
                return WriteAsync(context, 200, ModelsReply.WriteList);
            if (path.StartsWith(ModelPath, StringComparison.Ordinal))
            {
                var model = SimulatorModel.Find(path[ModelPath.Length..]);
                return WriteAsync(context, 200, json => ModelsReply.Write(model, json));
            }
        }
        else if (HttpMethods.IsPost(context.Request.Method) && path is "/v1/chat/completions" or "/v1/responses" or "/v1/completions" or "/v1/embeddings")
        {
            return GenerateAsync(context, path, cancellation);
        }

        throw new SimulatorException(404, "Unknown request: " + context.Request.Method + " " + path + ".");
    }

    private async Task GenerateAsync(HttpContext context, string path, CancellationToken cancellation)
    {
        using var document = await JsonDocument.ParseAsync(context.Request.Body, default, cancellation);
        var body = document.RootElement;
        if (body.ValueKind != JsonValueKind.Object)
            throw new SimulatorException(400, "The body must be a JSON object.");
        var model = SimulatorModel.Find(body.String("model") ?? throw SimulatorException.BadRequest("model", "'model' is required."));
        CheckOperation(model, path);

        var sender = new ReplySender(context, model.Fault, options, time, cancellation);
        switch (model.Fault)
        {
            case SimulatorFault.Reset:
                sender.Reset();
                return;
            case SimulatorFault.Silence:
                await sender.SilenceAsync();
                return;
            case SimulatorFault.NoDone:
                context.Response.Headers.Connection = "close";
                break;
        }

        if (FaultErrors.Of(model.Fault) is { } error && (model.Fault != SimulatorFault.ErrorOnce || _seen.IsFirst(Key(body))))
        {
            if (model.Fault == SimulatorFault.RateLimited)
                WriteRateLimit(context.Response.Headers);
            throw error;
        }

        var seed = StableHash.Of(body.Raw());
        if (path == "/v1/embeddings")
        {
            var bytes = new ArrayBufferWriter<byte>(16 * 1024);
            using var json = new Utf8JsonWriter(bytes, JsonWriting.Options);
            EmbeddingsReply.Write(body, model, json);
            json.Flush();
            await sender.BodyAsync(bytes.WrittenMemory, 0, seed);
            return;
        }

        await AnswerAsync(path, body, model, sender, seed);
    }

    private async Task AnswerAsync(string path, JsonElement body, SimulatorModel model, ReplySender sender, ulong seed)
    {
        var request = path switch
        {
            "/v1/chat/completions" => ChatRequestReader.Read(body, model),
            "/v1/responses" => ResponsesRequestReader.Read(body, model),
            _ => CompletionsRequestReader.Read(body, model),
        };
        var answers = AnswerComposer.Compose(request);
        var created = time.GetUtcNow().ToUnixTimeSeconds();
        IReplyWriter writer = path switch
        {
            "/v1/chat/completions" => new ChatReplyWriter(request, answers, created),
            "/v1/responses" => new ResponsesReplyWriter(request, answers[0], created),
            _ => new CompletionsReplyWriter(request, answers, created),
        };

        var tokens = answers.Max(answer => answer.Tokens);
        if (request.Stream)
        {
            using var frame = new EventFrame();
            await sender.StreamAsync(writer.WriteEvents(frame), frame, tokens, seed);
            return;
        }

        var bytes = new ArrayBufferWriter<byte>(4 * 1024);
        using var json = new Utf8JsonWriter(bytes, JsonWriting.Options);
        writer.WriteBody(json);
        json.Flush();
        await sender.BodyAsync(bytes.WrittenMemory, tokens, seed);
    }

    private static void CheckOperation(SimulatorModel model, string path)
    {
        if (model.Fault == SimulatorFault.None && (model.Id == SimulatorModel.Embed) != (path == "/v1/embeddings"))
            throw SimulatorException.BadRequest("model", "The model '" + model.Id + "' does not support this operation.");
    }

    private static ulong Key(JsonElement body) =>
        body.Member("user") is { ValueKind: JsonValueKind.String } user ? StableHash.Of(user.Raw(), 1) : StableHash.Of(body.Raw());

    private static void WriteRateLimit(IHeaderDictionary headers)
    {
        headers.RetryAfter = "2";
        headers["x-ratelimit-limit-requests"] = "60";
        headers["x-ratelimit-remaining-requests"] = "0";
        headers["x-ratelimit-reset-requests"] = "2s";
        headers["x-ratelimit-limit-tokens"] = "150000";
        headers["x-ratelimit-remaining-tokens"] = "149984";
        headers["x-ratelimit-reset-tokens"] = "6ms";
    }

    private static Task WriteErrorAsync(HttpContext context, SimulatorException error) =>
        WriteAsync(context, error.Status, json => ErrorReply.Write(error, json));

    private static async Task WriteAsync(HttpContext context, int status, Action<Utf8JsonWriter> write)
    {
        var bytes = new ArrayBufferWriter<byte>(1024);
        using var json = new Utf8JsonWriter(bytes, JsonWriting.Options);
        write(json);
        json.Flush();
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = bytes.WrittenCount;
        await context.Response.BodyWriter.WriteAsync(bytes.WrittenMemory, context.RequestAborted);
    }
}
