using System.Net;

namespace Gateway.Admission;

/// <summary>Finds out where a request comes from when proxies stand in between.</summary>
internal static class ClientAddress
{
    /// <summary>
    /// The address of the client: the peer's, unless the peer is a trusted proxy; then the last one in <c>X-Forwarded-For</c> that is not itself a
    /// trusted proxy. What stands to the left of that was written by nobody we trust.
    /// </summary>
    /// <param name="peer">The other end of the connection; null when there is none.</param>
    /// <param name="forwarded">All of <c>X-Forwarded-For</c>, joined by commas; null or empty when there is none.</param>
    /// <param name="trusted">Networks of the proxies.</param>
    /// <returns>The address, IPv4 ones never mapped into IPv6; null when it can't be known.</returns>
    public static IPAddress? Find(IPAddress? peer, string? forwarded, IReadOnlyList<IPNetwork> trusted)
    {
        var address = Plain(peer);
        var rest = forwarded.AsSpan();
        while (address is not null && !rest.IsWhiteSpace() && Contains(trusted, address))
        {
            var comma = rest.LastIndexOf(',');
            address = Plain(Parse(rest[(comma + 1)..].Trim()));
            rest = comma < 0 ? default : rest[..comma];
        }

        return address;
    }

    /// <summary>Whether any of the networks holds the address.</summary>
    public static bool Contains(IReadOnlyList<IPNetwork> networks, IPAddress address)
    {
        for (var i = 0; i < networks.Count; i++)
        {
            if (networks[i].Contains(address))
                return true;
        }

        return false;
    }

    // Some proxies write the port as well.
    private static IPAddress? Parse(ReadOnlySpan<char> text) =>
        IPAddress.TryParse(text, out var address) ? address : IPEndPoint.TryParse(text, out var end) ? end.Address : null;

    private static IPAddress? Plain(IPAddress? address) => address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address;
}
