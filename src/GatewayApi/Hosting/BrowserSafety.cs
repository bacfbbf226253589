namespace GatewayApi.Hosting;

/// <summary>Tells changes that a page of the gateway asks for from those that another site makes a browser send.</summary>
internal static class BrowserSafety
{
    /// <summary>A header that no other site can make a browser send, because the gateway allows it to none. Its value doesn't matter.</summary>
    public const string Header = "x-gateway-csrf";

    /// <summary>Whether a request that changes something may come from another site.</summary>
    public static bool MayBeForeign(HttpRequest request)
    {
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || !string.IsNullOrEmpty(request.Headers[Header]))
            return false;
        // Browsers write both themselves; pages can't.
        if (request.Headers["Sec-Fetch-Site"].ToString() is { Length: > 0 } site)
            return site != "same-origin";
        return request.Headers.Origin.ToString() != $"{request.Scheme}://{request.Host}";
    }
}
