using System.Security.Cryptography;

namespace Gateway.Transport;

/// <summary>
/// Takes in what is written to it as a SHA-256 and keeps none of it. Copying a <see cref="SplicedContent"/> into it hashes the body
/// piece by piece where it lies.
/// </summary>
internal sealed class HashStream : Stream
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>The hash of a body that can be sent more than once.</summary>
    /// <param name="content">The body; null hashes like an empty one.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>32 bytes.</returns>
    public static async ValueTask<byte[]> HashAsync(HttpContent? content, CancellationToken cancellation)
    {
        if (content is null)
            return SHA256.HashData([]);
        using var stream = new HashStream();
        await content.CopyToAsync(stream, cancellation).ConfigureAwait(false);
        return stream._hash.GetHashAndReset();
    }

    public override void Write(ReadOnlySpan<byte> buffer) => _hash.AppendData(buffer);

    public override void Write(byte[] buffer, int offset, int count) => _hash.AppendData(buffer, offset, count);

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        _hash.AppendData(buffer, offset, count);
        return Task.CompletedTask;
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        _hash.AppendData(buffer.Span);
        return ValueTask.CompletedTask;
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _hash.Dispose();
        base.Dispose(disposing);
    }
}
