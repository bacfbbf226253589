using System.Buffers;
using System.Text;
using Gateway.Transport;

namespace Gateway.Providers.Credentials.Aws;

/// <summary>The canonical form of a request, over which AWS Signature Version 4 is made.</summary>
internal static class SigV4Canonical
{
    private static readonly SearchValues<byte> Unreserved =
        SearchValues.Create("-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    /// <summary>Writes the canonical request.</summary>
    /// <param name="to">Gets it as UTF-8.</param>
    /// <param name="request">The request.</param>
    /// <param name="literalPath">See <see cref="SigV4Signer"/>.</param>
    /// <returns>The names of the signed headers: <c>host;x-amz-date</c>.</returns>
    public static string Write(PooledBuffer to, in SigV4Request request, bool literalPath)
    {
        Append(to, request.Method);
        to.Append("\n"u8);
        WritePath(to, request.Path, literalPath);
        to.Append("\n"u8);
        WriteQuery(to, request.Query);
        to.Append("\n"u8);
        var signedHeaders = WriteHeaders(to, request.Headers);
        to.Append("\n"u8);
        Append(to, signedHeaders);
        to.Append("\n"u8);
        Append(to, request.PayloadHash);
        return signedHeaders;
    }

    // The path on the wire is encoded once already; every service but S3 wants it encoded again.
    private static void WritePath(PooledBuffer to, string path, bool literal)
    {
        if (literal)
        {
            Encode(to, Uri.UnescapeDataString(path.Length == 0 ? "/" : path), keepSlash: true);
            return;
        }

        var segments = new List<string>();
        foreach (var segment in path.Split('/'))
        {
            if (segment is "" or ".") continue;
            if (segment != "..") segments.Add(segment);
            else if (segments.Count > 0) segments.RemoveAt(segments.Count - 1);
        }

        foreach (var segment in segments)
        {
            to.Append("/"u8);
            Encode(to, segment, keepSlash: false);
        }

        var directory = path.EndsWith('/') || path.EndsWith("/.", StringComparison.Ordinal) || path.EndsWith("/..", StringComparison.Ordinal);
        if (segments.Count == 0 || directory) to.Append("/"u8);
    }

    private static void WriteQuery(PooledBuffer to, string query)
    {
        if (query.Length == 0) return;
        var parameters = new List<(string Name, string Value)>();
        foreach (var parameter in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = parameter.IndexOf('=', StringComparison.Ordinal);
            parameters.Add(equals < 0 ? (Encoded(parameter), "") : (Encoded(parameter[..equals]), Encoded(parameter[(equals + 1)..])));
        }

        parameters.Sort(static (a, b) => string.CompareOrdinal(a.Name, b.Name) is var order and not 0 ? order : string.CompareOrdinal(a.Value, b.Value));
        for (var i = 0; i < parameters.Count; i++)
        {
            if (i > 0) to.Append("&"u8);
            Append(to, parameters[i].Name);
            to.Append("="u8);
            Append(to, parameters[i].Value);
        }
    }

    private static string WriteHeaders(PooledBuffer to, IReadOnlyList<KeyValuePair<string, string>> headers)
    {
        // Sorting must be stable: the values of one name keep their order.
        var sorted = headers.Select(h => (Name: h.Key.ToLowerInvariant(), h.Value)).OrderBy(h => h.Name, StringComparer.Ordinal).ToList();
        var names = new StringBuilder();
        for (var i = 0; i < sorted.Count; i++)
        {
            var (name, value) = sorted[i];
            if (i > 0 && sorted[i - 1].Name == name)
            {
                to.Append(","u8);
            }
            else
            {
                if (i > 0)
                {
                    to.Append("\n"u8);
                    names.Append(';');
                }

                names.Append(name);
                Append(to, name);
                to.Append(":"u8);
            }

            Append(to, Trimmed(value));
        }

        to.Append("\n"u8);
        return names.ToString();
    }

    // Outer white space goes, inner runs of it become one space.
    private static string Trimmed(string value)
    {
        var simple = true;
        for (var i = 0; i < value.Length && simple; i++)
            simple = !char.IsWhiteSpace(value[i]) || (value[i] == ' ' && i > 0 && i < value.Length - 1 && value[i - 1] != ' ');
        return simple ? value : string.Join(' ', value.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }

    private static string Encoded(string wire)
    {
        using var buffer = new PooledBuffer(wire.Length * 3);
        Encode(buffer, Uri.UnescapeDataString(wire), keepSlash: false);
        return Encoding.ASCII.GetString(buffer.WrittenSpan);
    }

    private static void Encode(PooledBuffer to, string text, bool keepSlash)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        foreach (var b in bytes)
        {
            if (Unreserved.Contains(b) || (b == '/' && keepSlash))
            {
                to.GetSpan(1)[0] = b;
                to.Advance(1);
                continue;
            }

            var escaped = to.GetSpan(3);
            escaped[0] = (byte)'%';
            escaped[1] = "0123456789ABCDEF"u8[b >> 4];
            escaped[2] = "0123456789ABCDEF"u8[b & 15];
            to.Advance(3);
        }
    }

    private static void Append(PooledBuffer to, string text) => to.Advance(Encoding.UTF8.GetBytes(text, to.GetSpan(Encoding.UTF8.GetMaxByteCount(text.Length))));
}
