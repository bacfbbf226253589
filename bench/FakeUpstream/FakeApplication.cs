using System.IO.Pipelines;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;

namespace FakeUpstream;

/// <summary>The upstream, straight on the server's features: no middleware, no routing, no HttpContext.</summary>
internal sealed class FakeApplication : IHttpApplication<IFeatureCollection>
{
    private readonly Counters _counters = new();

    public IFeatureCollection CreateContext(IFeatureCollection contextFeatures) => contextFeatures;

    public void DisposeContext(IFeatureCollection context, Exception? exception)
    {
    }

    public Task ProcessRequestAsync(IFeatureCollection context)
    {
        var request = context.GetRequiredFeature<IHttpRequestFeature>();
        if (request.Path == "/v1/chat/completions" && request.Method == "POST")
            return ChatAsync(context, StreamScript.Chat);
        if (request.Path == "/v1/messages" && request.Method == "POST")
            return ChatAsync(context, StreamScript.Messages);
        if (request.Path == "/v1/traces" && request.Method == "POST")
            return TracesAsync(context);
        if (request.Path == "/v1/metrics" && request.Method == "POST")
            return DropAsync(context);
        if (request.Path == "/stats" && request.Method == "GET")
            return JsonAsync(context, 200, _counters.Render());
        return JsonAsync(context, 404, """{"error":{"message":"No such path.","type":"invalid_request_error","code":null,"param":null}}"""u8.ToArray());
    }

    private async Task ChatAsync(IFeatureCollection context, StreamScript script)
    {
        var ask = await AskReader.ReadAsync(context.GetRequiredFeature<IRequestBodyPipeFeature>().Reader);
        if (!ask.Known)
        {
            await JsonAsync(context, 400, """{"error":{"message":"The body starts without a bench- model.","type":"invalid_request_error","code":null,"param":"model"}}"""u8.ToArray());
            return;
        }

        if (!ask.Stream && script == StreamScript.Chat)
        {
            await JsonAsync(context, 200, ask.Large ? JsonReplies.Large : JsonReplies.Small);
            _counters.Requested();
            return;
        }

        context.GetRequiredFeature<IHttpResponseFeature>().Headers.ContentType = "text/event-stream; charset=utf-8";
        var aborted = context.GetRequiredFeature<IHttpRequestLifetimeFeature>().RequestAborted;
        try
        {
            await StreamReply.SendAsync(Body(context), script, ask, _counters, aborted);
        }
        catch (OperationCanceledException) when (aborted.IsCancellationRequested)
        {
            _counters.StreamCut();
        }

        _counters.Requested();
    }

    /// <summary>An OTLP collector's part: the spans are counted and dropped. An empty message is a collector's whole consent.</summary>
    private async Task TracesAsync(IFeatureCollection context)
    {
        var body = context.GetRequiredFeature<IRequestBodyPipeFeature>().Reader;
        ReadResult read;
        while (!(read = await body.ReadAsync()).IsCompleted)
            body.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        _counters.SpansReceived(SpanCounter.Count(read.Buffer));
        body.AdvanceTo(read.Buffer.End);
        await ConsentAsync(context);
    }

    private static async Task DropAsync(IFeatureCollection context)
    {
        await context.GetRequiredFeature<IHttpRequestFeature>().Body.CopyToAsync(Stream.Null);
        await ConsentAsync(context);
    }

    private static async Task ConsentAsync(IFeatureCollection context)
    {
        var response = context.GetRequiredFeature<IHttpResponseFeature>();
        response.Headers.ContentType = "application/x-protobuf";
        response.Headers.ContentLength = 0;
        await context.GetRequiredFeature<IHttpResponseBodyFeature>().CompleteAsync();
    }

    private static async Task JsonAsync(IFeatureCollection context, int status, byte[] body)
    {
        var response = context.GetRequiredFeature<IHttpResponseFeature>();
        response.StatusCode = status;
        response.Headers.ContentType = "application/json";
        response.Headers.ContentLength = body.Length;
        await Body(context).WriteAsync(body);
    }

    private static PipeWriter Body(IFeatureCollection context) => context.GetRequiredFeature<IHttpResponseBodyFeature>().Writer;
}
