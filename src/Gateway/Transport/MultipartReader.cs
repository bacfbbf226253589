using System.Buffers;
using System.Text;

namespace Gateway.Transport;

/// <summary>Cuts a multipart body (RFC 2046) into pieces as it arrives, holding no more than a window of it.</summary>
/// <param name="body">The body; not disposed.</param>
/// <param name="boundary">The boundary, without dashes.</param>
/// <param name="maxBytes">Most bytes taken in.</param>
internal sealed class MultipartReader(Stream body, string boundary, long maxBytes) : IDisposable
{
    private const int Window = 64 * 1024;
    private const int MaxHead = 16 * 1024;

    // The first boundary is found like the others, by the line end before it: one is put in front of the body.
    private readonly byte[] _delimiter = Encoding.ASCII.GetBytes("\r\n--" + boundary);
    private byte[] _buffer = Seeded();
    private int _start;
    private int _end = 2;
    private bool _atEnd;
    private bool _inPart;
    private bool _isClosed;

    /// <summary>Bytes of the body that were given out.</summary>
    public long GivenOut { get; private set; } = -2;

    /// <summary>The next piece.</summary>
    /// <exception cref="InvalidDataException">The body is not multipart, or ends too early.</exception>
    /// <exception cref="UploadTooLargeException">The body is too large.</exception>
    /// <exception cref="IOException">It broke off.</exception>
    public async ValueTask<MultipartPiece> NextAsync(CancellationToken cancellation)
    {
        while (true)
        {
            if (TryNext(out var piece))
                return piece;
            if (_atEnd)
                return _isClosed ? new MultipartPiece(MultipartPieceKind.End, default) : throw new InvalidDataException("The body ends within a part.");
            await FillAsync(cancellation).ConfigureAwait(false);
        }
    }

    public void Dispose()
    {
        var buffer = _buffer;
        _buffer = [];
        if (buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(buffer);
    }

    private static byte[] Seeded()
    {
        var buffer = ArrayPool<byte>.Shared.Rent(Window);
        "\r\n"u8.CopyTo(buffer);
        return buffer;
    }

    private bool TryNext(out MultipartPiece piece)
    {
        var window = _buffer.AsSpan(_start.._end);
        if (_isClosed)
            return TryGive(MultipartPieceKind.Closing, window.Length, out piece);
        var content = _inPart ? MultipartPieceKind.Content : MultipartPieceKind.Preamble;
        var at = window.IndexOf(_delimiter);
        if (at < 0)
            return TryGive(content, window.Length - _delimiter.Length + 1, out piece);
        if (at > 0)
            return TryGive(content, at, out piece);
        return TryHead(window, content, out piece);
    }

    /// <summary>The window begins with what may be a boundary: it is one when dashes or a line end follow.</summary>
    private bool TryHead(ReadOnlySpan<byte> window, MultipartPieceKind content, out MultipartPiece piece)
    {
        piece = default;
        var rest = window[_delimiter.Length..];
        if (rest.Length < 2)
            return false;
        if (rest.StartsWith("--"u8))
        {
            _isClosed = true;
            return TryGive(MultipartPieceKind.Closing, window.Length, out piece);
        }

        var line = rest.TrimStart(" \t"u8);
        if (line.Length < 2 && rest.Length < MaxHead)
            return false;
        if (!line.StartsWith("\r\n"u8))
            return TryGive(content, 2, out piece); // the boundary is but the beginning of a longer word
        var end = line.IndexOf("\r\n\r\n"u8);
        if (end < 0)
            return window.Length > MaxHead ? throw new InvalidDataException("The header of a part is too long.") : false;
        var (name, isFile) = PartHeader.Read(line[..end]);
        _inPart = true;
        var given = TryGive(MultipartPieceKind.Head, window.Length - line.Length + end + 4, out piece);
        piece = piece with { Name = name, IsFile = isFile };
        return given;
    }

    private bool TryGive(MultipartPieceKind kind, int count, out MultipartPiece piece)
    {
        piece = default;
        if (count <= 0)
            return false;
        piece = new MultipartPiece(kind, _buffer.AsMemory(_start, count));
        _start += count;
        GivenOut += count;
        return true;
    }

    private async ValueTask FillAsync(CancellationToken cancellation)
    {
        // What is left is at most a boundary or a head: far less than the window.
        _buffer.AsSpan(_start.._end).CopyTo(_buffer);
        (_start, _end) = (0, _end - _start);
        var read = await body.ReadAsync(_buffer.AsMemory(_end), cancellation).ConfigureAwait(false);
        _end += read;
        _atEnd = read == 0;
        if (GivenOut + _end > maxBytes)
            throw new UploadTooLargeException();
    }
}
