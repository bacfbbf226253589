using System.Net;
using System.Net.Http.Headers;
using Gateway.Errors;
using Gateway.Pipeline;
using Gateway.Providers;

namespace Gateway.Routing.Attempts;

/// <summary>Turns what goes wrong on the way to a provider into errors.</summary>
internal static class UpstreamFailures
{
    private const int MaxErrorBody = 64 * 1024;

    /// <summary>An answer with an error status: reads the (bounded) body and classifies it.</summary>
    public static async ValueTask<GatewayError> ReadAsync(GatewayContext context, ProviderSnapshot provider, HttpResponseMessage response, CancellationToken cancellation)
    {
        var body = Array.Empty<byte>();
        try
        {
            var stream = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
            var buffer = new byte[MaxErrorBody];
            var length = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellation).ConfigureAwait(false);
            body = buffer[..length];
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            // The status says enough.
        }

        return ProviderErrors.FromStatus(provider, response.StatusCode, context.Dialect.ReadError(body), RetryAfter(response.Headers, context.Time));
    }

    /// <summary>The connection failed, or ended before the provider had answered.</summary>
    public static GatewayError Unreachable(ProviderSnapshot provider, Exception exception)
    {
        var why = exception is HttpRequestException { HttpRequestError: var error }
            ? error switch
            {
                HttpRequestError.NameResolutionError => "its name could not be resolved",
                HttpRequestError.SecureConnectionError => "the TLS handshake failed",
                HttpRequestError.ConnectionError => "no connection could be made",
                HttpRequestError.ConfigurationLimitExceeded => "its answer exceeded a limit",
                HttpRequestError.InvalidResponse => "its answer is not HTTP",
                _ => "the connection was closed before it answered",
            }
            : exception is OperationCanceledException ? "no connection could be made in time" : "the connection was closed before it answered";
        return new GatewayError(ErrorKinds.UpstreamUnreachable, $"The provider '{provider.Id}' could not be reached: {why}.");
    }

    /// <summary>Whether a failed send may be repeated on the same target: the connection failed, and the provider said nothing.</summary>
    public static bool IsConnectionLevel(Exception exception) => exception is HttpRequestException
    {
        StatusCode: null,
        HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.ResponseEnded or HttpRequestError.Unknown or HttpRequestError.HttpProtocolError,
    } or IOException;

    private static TimeSpan? RetryAfter(HttpResponseHeaders headers, TimeProvider time)
    {
        if (headers.RetryAfter?.Delta is { } delta)
            return delta;
        if (headers.RetryAfter?.Date is { } date)
            return date > time.GetUtcNow() ? date - time.GetUtcNow() : TimeSpan.Zero;
        return null;
    }
}
