using Gateway.Errors;
using Gateway.Pipeline;
using Gateway.Protocol;

namespace Gateway.Surfaces;

/// <summary>Takes in the body of an admitted request and reads the minimum of it.</summary>
internal sealed class IntakeStage : IStage
{
    public ValueTask RunAsync(GatewayContext context, StageDelegate next)
    {
        // A small body arrives together with its headers: then the rest of the request need not go through here again.
        var taken = TakeInAsync(context);
        return taken.IsCompletedSuccessfully ? GoOnAsync(context, taken.Result, next) : GoOnAsync(context, taken, next);
    }

    private static ValueTask GoOnAsync(GatewayContext context, GatewayError? error, StageDelegate next)
    {
        context.Error = error;
        return error is null ? next(context) : ValueTask.CompletedTask;
    }

    private static async ValueTask GoOnAsync(GatewayContext context, ValueTask<GatewayError?> taken, StageDelegate next) =>
        await GoOnAsync(context, await taken.ConfigureAwait(false), next).ConfigureAwait(false);

    private static bool IsJson(ReadOnlySpan<char> type)
    {
        var end = type.IndexOf(';');
        return (end < 0 ? type : type[..end]).Trim().Equals("application/json", StringComparison.OrdinalIgnoreCase);
    }

    // Ollama itself never looks, and what its documentation tells people to type names no type.
    private static bool TakesAnyType(Operation operation) => operation is Operation.OllamaChat or Operation.OllamaEmbed;

    private static async ValueTask<GatewayError?> TakeInAsync(GatewayContext context)
    {
        var type = context.Client.Header("Content-Type");
        if (type is not null && !IsJson(type) && !context.Dialect.TakesMultipart && !TakesAnyType(context.Operation))
            return new GatewayError(ErrorKinds.UnsupportedMediaType, "The request body must be application/json.");
        if (context.Client.Header("Content-Encoding") is { Length: > 0 } encoding && encoding != "identity")
            return new GatewayError(ErrorKinds.UnsupportedMediaType, "The request body must not be compressed.");

        // What a surface took from the path; a body may name another, and then its dialect judges that.
        if (context.IsModelInPath && PathModel.Check(context.Request.Model) is { } fault)
            return fault;

        if (context.Dialect.TakesMultipart)
            return await UploadIntake.TakeInAsync(context).ConfigureAwait(false) ?? PathModel.Check(context.Request.Model);

        var limit = context.Snapshot.Limits.MaxRequestBytes;
        try
        {
            if (await context.Client.ReadBodyAsync(limit).ConfigureAwait(false) is not { } body)
                return new GatewayError(ErrorKinds.BodyTooLarge, $"The request body is larger than {limit} bytes.");
            context.Body = body;
        }
        catch (IOException) when (!context.Client.Gone.IsCancellationRequested)
        {
            return new GatewayError(ErrorKinds.RequestTimeout, "The request body did not arrive whole, or too slowly.");
        }

        return context.Dialect.ReadRequest(context.Body.WrittenSpan, context.Request);
    }
}
