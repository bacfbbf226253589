using System.Buffers;
using System.IO.Pipelines;

namespace Gateway.Audit;

/// <summary>Reads a file line by line, as bytes, never more than one line of the greatest length in memory.</summary>
internal sealed class AuditLineReader(Stream stream) : IAsyncDisposable
{
    private readonly PipeReader _pipe = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: 64 * 1024, leaveOpen: true));

    /// <summary>The number of the line that was read last, from 1.</summary>
    public long Number { get; private set; }

    /// <summary>The next line without its end; null after the last.</summary>
    /// <returns><c>Whole</c> is false when the file ends without a line end, or the line is too long.</returns>
    public async ValueTask<(ReadOnlyMemory<byte> Bytes, bool Whole)?> ReadAsync(CancellationToken cancellation)
    {
        while (true)
        {
            var read = await _pipe.ReadAsync(cancellation).ConfigureAwait(false);
            var buffer = read.Buffer;
            var end = buffer.PositionOf((byte)'\n');
            if (end is null && !read.IsCompleted && buffer.Length <= AuditLine.Longest)
            {
                _pipe.AdvanceTo(buffer.Start, buffer.End);
                continue;
            }

            if (end is null && buffer.IsEmpty)
                return null;
            Number++;
            var line = buffer.Slice(0, end ?? buffer.End).ToArray();
            _pipe.AdvanceTo(end is { } found ? buffer.GetPosition(1, found) : buffer.End);
            return (line, end is not null);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _pipe.CompleteAsync();
}
