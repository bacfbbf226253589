using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Gateway.Admission;

/// <summary>Reads networks as people write them: <c>10.0.0.0/8</c>, <c>2001:db8::/32</c>, or one address.</summary>
internal static class NetworkText
{
    /// <summary>Reads a network.</summary>
    /// <returns>Null when it was read, otherwise what is wrong with the text.</returns>
    public static string? Read(string text, out IPNetwork network)
    {
        network = default;
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var written = slash < 0 ? text : text[..slash];
        // The parser takes "10" and "0x0a.1" for addresses as well.
        if (!IPAddress.TryParse(written, out var address) || (address.AddressFamily == AddressFamily.InterNetwork && written.Split('.').Length != 4) || address.ScopeIdOf() != 0)
            return "must be a network such as \"10.0.0.0/8\" or \"2001:db8::/32\", or one address";
        var bits = address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;
        var length = bits;
        if (slash >= 0 && (!int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out length) || length > bits))
            return $"must have a prefix of 0 to {bits} bits after the slash";
        var start = Masked(address, length);
        if (!start.Equals(address))
            return $"has address bits after its prefix; write \"{start}/{length}\"";
        network = new IPNetwork(address, length);
        return null;
    }

    private static long ScopeIdOf(this IPAddress address) => address.AddressFamily == AddressFamily.InterNetworkV6 ? address.ScopeId : 0;

    private static IPAddress Masked(IPAddress address, int length)
    {
        var bytes = address.GetAddressBytes();
        for (var i = 0; i < bytes.Length; i++)
        {
            var kept = Math.Clamp(length - (i * 8), 0, 8);
            bytes[i] &= (byte)(0xFF << (8 - kept));
        }

        return new IPAddress(bytes);
    }
}
