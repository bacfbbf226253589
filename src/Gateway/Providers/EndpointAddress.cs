using System.Net;
using Gateway.Providers.Profiles;

namespace Gateway.Providers;

/// <summary>Reads base addresses and joins them with operation paths.</summary>
internal static class EndpointAddress
{
    /// <summary>Parses an absolute http or https address without user info, query or fragment.</summary>
    /// <param name="text">The address as written.</param>
    /// <param name="uri">The address.</param>
    /// <returns>Null when it is good, otherwise what is wrong. The text itself is never repeated: it may hold a credential.</returns>
    public static string? Parse(string text, out Uri? uri)
    {
        uri = null;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var parsed) || parsed.Scheme is not ("http" or "https") || parsed.Host.Length == 0)
            return "must be an absolute http:// or https:// URL";
        if (parsed.UserInfo.Length > 0) return "must not hold a user name or password; put the credential in apiKey as \"env:NAME\"";
        if (parsed.Query.Length > 0 || parsed.Fragment.Length > 0) return "must not have a query or a fragment";
        uri = parsed;
        return null;
    }

    /// <summary>As <see cref="Parse"/>, for the looser forms that environment variables hold: no scheme, or a listen-anywhere host.</summary>
    public static string? ParseLoose(string text, BareHostProfile? bareHost, out Uri? uri)
    {
        var written = text.Trim();
        if (bareHost is not null && !written.Contains("://", StringComparison.Ordinal))
        {
            if (written.StartsWith(':')) written = "localhost" + written;
            written = $"{bareHost.Scheme}://{written}";
            if (bareHost.Port is { } port && Uri.TryCreate(written, UriKind.Absolute, out var bare) && !WritesPort(written, bare))
                written = new UriBuilder(bare) { Port = port }.Uri.AbsoluteUri;
        }

        var problem = Parse(written, out uri);
        // 0.0.0.0 is where a server listens, not where one calls it.
        if (uri is not null && IPAddress.TryParse(uri.Host, out var ip) && (ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any)))
            uri = new UriBuilder(uri) { Host = "localhost" }.Uri;
        return problem;
    }

    /// <summary>
    /// Joins a base address and a path. Segments that end the one and begin the other are written once, so that
    /// <c>https://host/v1</c> and <c>https://host</c> both go with <c>/v1/chat/completions</c>.
    /// </summary>
    public static Uri Join(Uri baseUri, string path) => new(JoinText(baseUri, path));

    /// <summary>As <see cref="Join"/>, for paths that are not addresses yet.</summary>
    public static string JoinText(Uri baseUri, string path)
    {
        var left = baseUri.AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var right = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var shared = Math.Min(left.Length, right.Length - 1);
        while (shared > 0 && !left.AsSpan(left.Length - shared).SequenceEqual(right.AsSpan(0, shared))) shared--;
        return baseUri.GetLeftPart(UriPartial.Authority) + '/' + string.Join('/', left.Concat(right.Skip(shared)));
    }

    private static bool WritesPort(string written, Uri parsed) =>
        written.AsSpan(written.IndexOf("://", StringComparison.Ordinal) + 3).TrimEnd('/').EndsWith($":{parsed.Port}", StringComparison.Ordinal)
        || !parsed.IsDefaultPort;
}
