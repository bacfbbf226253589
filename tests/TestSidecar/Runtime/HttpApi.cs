using System.Text.Json;
using System.Text.Json.Nodes;
using Dapr.Client.Autogen.Grpc.v1;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.AspNetCore.Mvc;
using TestSidecar.Faults;
using TestSidecar.Messages;
using TestSidecar.State;

namespace TestSidecar.Runtime;

/// <summary>The parts of the runtime's HTTP API that health checks and curl use.</summary>
internal static class HttpApi
{
    public static void Map(WebApplication app, SidecarOptions options, RuntimeState state, EventDelivery delivery, FaultBoard board)
    {
        var api = app.MapGroup("/v1.0").AddEndpointFilter(async (context, next) =>
        {
            await board.EnterAsync(context.HttpContext.RequestAborted);
            try
            {
                return await next(context);
            }
            catch (ETagException e)
            {
                return Results.Text(e.Message, statusCode: e.IsInvalid ? 400 : 409);
            }
            catch (RpcException e) when (e.StatusCode == StatusCode.InvalidArgument)
            {
                return Results.Text(e.Status.Detail, statusCode: 400);
            }
        });
        api.MapGet("/healthz", () => Results.NoContent());
        api.MapGet("/healthz/outbound", () => Results.NoContent());
        api.MapGet("/metadata", () => Results.Text(
            new JsonObject { ["id"] = "gateway", ["runtimeVersion"] = options.RuntimeVersion }.ToJsonString(), "application/json"));
        api.MapGet("/state/{store}/{key}", (string store, string key, HttpResponse response) => GetAsync(state, store, key, response));
        api.MapPost("/state/{store}", (string store, [FromBody] JsonElement items) => SaveAsync(state, store, items));
        api.MapDelete("/state/{store}/{key}", async (string store, string key, HttpRequest request) =>
        {
            await state.DeleteAsync(store, key, request.Headers.IfMatch.Count > 0 ? request.Headers.IfMatch.ToString() : null);
            return Results.NoContent();
        });
        api.MapPost("/publish/{component}/{topic}", async (string component, string topic, HttpRequest request) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body);
            var metadata = request.Query.Where(q => q.Key.StartsWith("metadata.", StringComparison.Ordinal)).ToDictionary(q => q.Key[9..], q => q.Value.ToString());
            await delivery.AcceptAsync(topic, [CloudEvent.Wrap(component, topic, request.ContentType?.Split(';')[0] ?? "", body.ToArray(), metadata)]);
            return Results.NoContent();
        });
    }

    private static async Task<IResult> GetAsync(RuntimeState state, string store, string key, HttpResponse response)
    {
        if (await state.GetAsync(store, key) is not { } value)
            return Results.NoContent();
        response.Headers.ETag = value.ETag;
        return Results.Bytes(value.Data, "application/json");
    }

    private static async Task<IResult> SaveAsync(RuntimeState state, string store, JsonElement items)
    {
        foreach (var item in items.EnumerateArray())
        {
            var write = new StateItem { Key = item.GetProperty("key").GetString(), Value = ByteString.CopyFromUtf8(item.GetProperty("value").GetRawText()) };
            if (item.TryGetProperty("etag", out var etag))
                write.Etag = new Etag { Value = etag.GetString() };
            if (item.TryGetProperty("options", out var said) && said.TryGetProperty("concurrency", out var concurrency) && concurrency.ValueEquals("first-write"))
                write.Options = new StateOptions { Concurrency = StateOptions.Types.StateConcurrency.ConcurrencyFirstWrite };
            if (item.TryGetProperty("metadata", out var metadata))
                write.Metadata.Add(metadata.EnumerateObject().ToDictionary(m => m.Name, m => m.Value.ToString()));
            await state.SaveAsync(store, write);
        }

        return Results.NoContent();
    }
}
