namespace LoadClient;

/// <summary>Cuts bytes that arrive in pieces into lines. A line within one piece is not copied.</summary>
internal sealed class LineBuffer
{
    private byte[] _carry = new byte[4096];
    private int _carried;

    /// <summary>
    /// Takes bytes up to and including the next line feed from <paramref name="rest"/>. True with the line, less its ending, when there
    /// was one; the line is valid until the next call.
    /// </summary>
    public bool TryTake(ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> line)
    {
        var end = rest.IndexOf((byte)'\n');
        if (end < 0)
        {
            Carry(rest);
            rest = default;
            line = default;
            return false;
        }

        if (_carried == 0)
        {
            line = rest[..end];
        }
        else
        {
            Carry(rest[..end]);
            line = _carry.AsSpan(0, _carried);
            _carried = 0;
        }

        rest = rest[(end + 1)..];
        if (line.EndsWith((byte)'\r'))
            line = line[..^1];
        return true;
    }

    private void Carry(ReadOnlySpan<byte> bytes)
    {
        if (_carried + bytes.Length > _carry.Length)
            Array.Resize(ref _carry, Math.Max(_carry.Length * 2, _carried + bytes.Length));
        bytes.CopyTo(_carry.AsSpan(_carried));
        _carried += bytes.Length;
    }
}
