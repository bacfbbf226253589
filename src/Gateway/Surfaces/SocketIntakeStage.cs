using Gateway.Errors;
using Gateway.Pipeline;

namespace Gateway.Surfaces;

/// <summary>Reads an admitted request for a socket: it has no body, and names its model in the query (Azure: as <c>deployment</c>).</summary>
internal sealed class SocketIntakeStage : IStage
{
    public ValueTask RunAsync(GatewayContext context, StageDelegate next)
    {
        context.Error = Read(context);
        return context.Error is null ? next(context) : ValueTask.CompletedTask;
    }

    private static GatewayError? Read(GatewayContext context)
    {
        if (context.Socket is null)
        {
            context.Client.SetHeader("Upgrade", "websocket");
            return new GatewayError(ErrorKinds.UpgradeRequired, "This path opens a WebSocket: ask for one with 'Connection: Upgrade' and 'Upgrade: websocket' over HTTP/1.1.");
        }

        if ((context.Client.Query("model") ?? context.Client.Query("deployment")) is not { Length: > 0 } model)
            return new GatewayError(ErrorKinds.MissingParameter, "The query names no model.") { Param = "model" };
        if (PathModel.Check(model) is { } fault)
            return fault;
        context.Request.Model = model;
        return null;
    }
}
