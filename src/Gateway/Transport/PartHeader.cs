using System.Text;

namespace Gateway.Transport;

/// <summary>Reads the header lines of a part of <c>multipart/form-data</c> (RFC 7578).</summary>
internal static class PartHeader
{
    /// <summary>The field's name, and whether the part is a file.</summary>
    /// <param name="lines">The header lines.</param>
    /// <exception cref="InvalidDataException">The name is given in a form that others may read differently.</exception>
    public static (string? Name, bool IsFile) Read(ReadOnlySpan<byte> lines)
    {
        foreach (var line in Encoding.UTF8.GetString(lines).Split("\r\n"))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0 && line.AsSpan(0, colon).Trim().Equals("Content-Disposition", StringComparison.OrdinalIgnoreCase))
                return Disposition(line.AsSpan(colon + 1));
        }

        return (null, false);
    }

    private static (string? Name, bool IsFile) Disposition(ReadOnlySpan<char> value)
    {
        string? name = null;
        var isFile = false;
        while (NextParameter(ref value, out var key, out var text))
        {
            if (key.Equals("filename", StringComparison.OrdinalIgnoreCase) || key.Equals("filename*", StringComparison.OrdinalIgnoreCase))
                isFile = true;
            else if (key.Equals("name*", StringComparison.OrdinalIgnoreCase) || (name is not null && key.Equals("name", StringComparison.OrdinalIgnoreCase)))
                throw new InvalidDataException("The name of a part can be read in two ways.");
            else if (key.Equals("name", StringComparison.OrdinalIgnoreCase))
                name = text;
        }

        return (name, isFile);
    }

    private static bool NextParameter(ref ReadOnlySpan<char> value, out string key, out string text)
    {
        (key, text) = ("", "");
        var semicolon = value.IndexOf(';');
        if (semicolon < 0)
            return false;
        value = value[(semicolon + 1)..];
        var end = value.IndexOfAny('=', ';');
        if (end < 0 || value[end] == ';')
        {
            key = (end < 0 ? value : value[..end]).Trim().ToString();
            value = end < 0 ? default : value[end..];
            return true;
        }

        key = value[..end].Trim().ToString();
        value = value[(end + 1)..].TrimStart();
        if (value.IsEmpty || value[0] != '"')
        {
            end = value.IndexOf(';');
            text = (end < 0 ? value : value[..end]).Trim().ToString();
            value = end < 0 ? default : value[end..];
            return true;
        }

        var unquoted = new StringBuilder();
        var i = 1;
        for (; i < value.Length && value[i] != '"'; i++)
        {
            if (value[i] == '\\' && i + 1 < value.Length)
                i++;
            unquoted.Append(value[i]);
        }

        text = unquoted.ToString();
        value = i < value.Length ? value[(i + 1)..] : default;
        return true;
    }
}
