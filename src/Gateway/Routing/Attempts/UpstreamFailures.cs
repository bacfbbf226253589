using System.Globalization;
using System.Net.Http.Headers;
using Gateway.Dialects;
using Gateway.Errors;
using Gateway.Pipeline;
using Gateway.Providers;
using Gateway.Providers.Credentials;
using Gateway.Transport;

namespace Gateway.Routing.Attempts;

/// <summary>Turns what goes wrong on the way to a provider into errors.</summary>
internal static class UpstreamFailures
{
    private const int MaxErrorBody = 64 * 1024;
    private static readonly TimeSpan ErrorBodyLimit = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan MaxRetryAfter = TimeSpan.FromDays(1);

    /// <summary>An answer with an error status: reads the (bounded) body and classifies it.</summary>
    public static async ValueTask<GatewayError> ReadAsync(GatewayContext context, ProviderSnapshot provider, IDialect dialect, HttpResponseMessage response, CancellationToken cancellation)
    {
        var facts = await ReadFactsAsync(context, dialect, response, cancellation).ConfigureAwait(false);
        return ProviderErrors.FromStatus(provider, response.StatusCode, facts, RetryAfter(response.Headers, context.Time) ?? LimitsWait(provider, response, context.Time));
    }

    /// <summary>What is wrong with an answer of status 200 before its body is read: null, or that it is compressed, which nobody asked for.</summary>
    public static GatewayError? Compressed(ProviderSnapshot provider, HttpResponseMessage response)
    {
        if (!response.Content.Headers.NonValidated.TryGetValues("Content-Encoding", out var encodings))
            return null;
        var encoding = encodings.ToString();
        return encoding.Length == 0 || encoding.Equals("identity", StringComparison.OrdinalIgnoreCase)
            ? null
            : new GatewayError(ErrorKinds.UpstreamMalformed, $"The provider '{provider.Id}' compressed its answer though it was not asked to.");
    }

    /// <summary>
    /// What is wrong with an answer of status 200 to a streaming request: null when it may be an event stream. Servers that name no type, or
    /// an odd one, are given the benefit of the doubt; a JSON document or a page is no stream.
    /// </summary>
    public static async ValueTask<GatewayError?> NotAStreamAsync(GatewayContext context, ProviderSnapshot provider, IDialect dialect, HttpResponseMessage response, CancellationToken cancellation)
    {
        if (Compressed(provider, response) is { } compressed)
            return compressed;
        if (!response.Content.Headers.NonValidated.TryGetValues("Content-Type", out var types))
            return null;
        var type = types.ToString();
        if (type.StartsWith("application/json", StringComparison.OrdinalIgnoreCase))
            return Unreadable(provider, await ReadFactsAsync(context, dialect, response, cancellation).ConfigureAwait(false));
        return type.StartsWith("text/html", StringComparison.OrdinalIgnoreCase) ? Unreadable(provider, ProviderErrorFacts.None) : null;
    }

    /// <summary>A 200 that is not a reply: some servers send their errors that way.</summary>
    public static GatewayError Unreadable(ProviderSnapshot provider, ProviderErrorFacts facts) => facts.Message is null
        ? new GatewayError(ErrorKinds.UpstreamMalformed, $"The provider '{provider.Id}' sent an answer that can't be read.")
        : ProviderErrors.FromEvent(provider, facts);

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

    /// <summary>There was nothing to prove the gateway with; the provider was not called.</summary>
    public static GatewayError NoCredential(CredentialException exception) => new(ErrorKinds.UpstreamAuthentication, exception.Message);

    /// <summary>Whether a failed send may be repeated on the same target: the connection failed, and the provider said nothing.</summary>
    public static bool IsConnectionLevel(Exception exception) => exception is HttpRequestException
    {
        StatusCode: null,
        HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.ResponseEnded or HttpRequestError.Unknown or HttpRequestError.HttpProtocolError,
    } or IOException;

    /// <summary>What an error body says, as far as it came within the limits; the status alone says enough.</summary>
    private static async ValueTask<ProviderErrorFacts> ReadFactsAsync(GatewayContext context, IDialect dialect, HttpResponseMessage response, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(ErrorBodyLimit, context.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        using var body = new PooledBuffer(4096);
        try
        {
            var stream = await response.Content.ReadAsStreamAsync(both.Token).ConfigureAwait(false);
            int read;
            while (body.Length < MaxErrorBody && (read = await stream.ReadAsync(body.GetMemory(), both.Token).ConfigureAwait(false)) > 0)
                body.Advance(read);
        }
        catch (Exception e) when (e is IOException or HttpRequestException || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            // What came, came.
        }

        var type = dialect.ErrorTypeHeader is { } header && response.Headers.NonValidated.TryGetValues(header, out var values) ? values.ToString() : null;
        return dialect.ReadError(body.WrittenSpan, type);
    }

    /// <summary>A provider that is limiting and does not say for how long may still say when its limits are whole again.</summary>
    private static TimeSpan? LimitsWait(ProviderSnapshot provider, HttpResponseMessage response, TimeProvider time) =>
        response.StatusCode == System.Net.HttpStatusCode.TooManyRequests ? provider.RateLimits?.WaitOf(response.Headers, time.GetUtcNow()) : null;

    private static TimeSpan? RetryAfter(HttpResponseHeaders headers, TimeProvider time)
    {
        // OpenAI's and Azure's own header is the finer one.
        if (headers.NonValidated.TryGetValues("retry-after-ms", out var written)
            && double.TryParse(written.ToString(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var milliseconds) && milliseconds <= MaxRetryAfter.TotalMilliseconds)
            return TimeSpan.FromMilliseconds(milliseconds);
        if (headers.RetryAfter?.Delta is { } delta)
            return delta;
        if (headers.RetryAfter?.Date is { } date)
            return date > time.GetUtcNow() ? date - time.GetUtcNow() : TimeSpan.Zero;
        return null;
    }
}
