using System.Net.Http.Headers;
using Gateway.Errors;
using Gateway.Transport;

namespace Gateway.Pipeline;

/// <summary>Takes in a multipart request: no more of it than is needed to know the model.</summary>
internal static class UploadIntake
{
    private const int LongestBoundary = 70; // RFC 2046

    /// <summary>Sets <see cref="GatewayContext.Upload"/> and the model, unless the path or <c>?model=</c> names it.</summary>
    /// <returns>Null, or what is wrong with the request.</returns>
    public static async ValueTask<GatewayError?> TakeInAsync(GatewayContext context)
    {
        var (upload, error) = Open(context);
        if (upload is null)
            return error;
        context.Upload = upload;
        if (!context.IsModelInPath && context.Client.Query("model") is { Length: > 0 } named)
            context.Request.Model = named;
        if (context.Request.Model.Length > 0)
            return null;
        if (!await upload.ReadUntilModelAsync(context.Client.Gone).ConfigureAwait(false))
            return ErrorOf(upload.Fault, context.Snapshot.Limits.MaxRequestBytes)
                ?? new GatewayError(ErrorKinds.MissingParameter, "Missing required parameter: 'model'.") { Param = "model" };
        context.Request.Model = upload.Model!;
        return null;
    }

    /// <summary>Begins to take in a body; reads nothing of it.</summary>
    /// <param name="context">The request.</param>
    /// <param name="keepsModel">Whether no model is looked for.</param>
    public static (MultipartUpload? Upload, GatewayError? Error) Open(GatewayContext context, bool keepsModel = false)
    {
        var limit = context.Snapshot.Limits.MaxRequestBytes;
        var type = context.Client.Header("Content-Type");
        if (type is null || !MediaTypeHeaderValue.TryParse(type, out var media) || !string.Equals(media.MediaType, "multipart/form-data", StringComparison.OrdinalIgnoreCase))
            return (null, new GatewayError(ErrorKinds.UnsupportedMediaType, "The request body must be multipart/form-data."));
        if (BoundaryOf(media) is not { } boundary)
            return (null, new GatewayError(ErrorKinds.UnsupportedMediaType, "The Content-Type must name the boundary of the parts."));
        return context.Client.BodyLength > limit
            ? (null, ErrorOf(UploadFault.TooLarge, limit))
            : (new MultipartUpload(context.Client.RequestBody, type, boundary, limit, context.Client.BodyLength) { KeepsModel = keepsModel }, null);
    }

    /// <summary>The error that a fault is; null for none.</summary>
    public static GatewayError? ErrorOf(UploadFault fault, long limit) => fault switch
    {
        UploadFault.TooLarge => new GatewayError(ErrorKinds.BodyTooLarge, $"The request body is larger than {limit} bytes."),
        UploadFault.Malformed => new GatewayError(ErrorKinds.InvalidParameter, "The request body is not valid multipart/form-data."),
        UploadFault.DuplicateModel => new GatewayError(ErrorKinds.InvalidParameter, "Duplicate parameter: 'model'.") { Param = "model" },
        UploadFault.BadModel => new GatewayError(ErrorKinds.InvalidParameter, "'model' must be a short, non-empty text.") { Param = "model" },
        UploadFault.Interrupted => new GatewayError(ErrorKinds.RequestTimeout, "The request body did not arrive whole, or too slowly."),
        _ => null,
    };

    private static string? BoundaryOf(MediaTypeHeaderValue media)
    {
        foreach (var parameter in media.Parameters)
        {
            if (!parameter.Name.Equals("boundary", StringComparison.OrdinalIgnoreCase))
                continue;
            var boundary = parameter.Value?.Trim('"') ?? "";
            return boundary.Length is > 0 and <= LongestBoundary && System.Text.Ascii.IsValid(boundary) ? boundary : null;
        }

        return null;
    }
}
