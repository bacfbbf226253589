using System.Net;

namespace Gateway.Transport;

/// <summary>
/// A request body that is the client's own bytes but for a few splices. Nothing is assembled: the pieces go to the connection
/// one after the other, so a large body is never copied here.
/// </summary>
internal sealed class SplicedContent : HttpContent
{
    private readonly ReadOnlyMemory<byte> _body;
    private readonly Splice _first;
    private readonly Splice _second;

    /// <summary>Splices must not overlap and stand in order; an unused one has zero length and no replacement.</summary>
    public SplicedContent(ReadOnlyMemory<byte> body, Splice first, Splice second)
    {
        (_body, _first, _second) = first.Start <= second.Start || second.With.IsEmpty ? (body, first, second) : (body, second, first);
        Headers.TryAddWithoutValidation("Content-Type", "application/json"); // as text: a parsed value is formatted anew for each request
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        var at = 0;
        if (!_first.With.IsEmpty)
        {
            await stream.WriteAsync(_body[at.._first.Start], cancellationToken).ConfigureAwait(false);
            await stream.WriteAsync(_first.With, cancellationToken).ConfigureAwait(false);
            at = _first.Start + _first.Length;
        }

        if (!_second.With.IsEmpty)
        {
            await stream.WriteAsync(_body[at.._second.Start], cancellationToken).ConfigureAwait(false);
            await stream.WriteAsync(_second.With, cancellationToken).ConfigureAwait(false);
            at = _second.Start + _second.Length;
        }

        await stream.WriteAsync(_body[at..], cancellationToken).ConfigureAwait(false);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = (long)_body.Length - _first.Length + _first.With.Length - _second.Length + _second.With.Length;
        return true;
    }
}
