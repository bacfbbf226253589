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
    private readonly Splice _third;
    private readonly int _cutStart;
    private readonly int _cutLength;

    /// <summary>Splices must not overlap, and come in any order; an unused one has zero length and no replacement.</summary>
    /// <param name="body">The client's bytes.</param>
    /// <param name="first">A splice.</param>
    /// <param name="second">Another.</param>
    /// <param name="third">Another.</param>
    /// <param name="cutStart">Offset of bytes that are left out; splices do not touch them.</param>
    /// <param name="cutLength">How many those are.</param>
    public SplicedContent(ReadOnlyMemory<byte> body, Splice first = default, Splice second = default, Splice third = default, int cutStart = 0, int cutLength = 0)
    {
        Order(ref first, ref second);
        Order(ref second, ref third);
        Order(ref first, ref second);
        (_body, _first, _second, _third, _cutStart, _cutLength) = (body, first, second, third, cutStart, cutLength);
        Headers.TryAddWithoutValidation("Content-Type", "application/json"); // as text: a parsed value is formatted anew for each request
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        var at = 0;
        for (var i = 0; i < 3; i++)
        {
            var splice = i == 0 ? _first : i == 1 ? _second : _third;
            if (splice.With.IsEmpty)
                continue;
            await CopyAsync(stream, at, splice.Start, cancellationToken).ConfigureAwait(false);
            await stream.WriteAsync(splice.With, cancellationToken).ConfigureAwait(false);
            at = splice.Start + splice.Length;
        }

        await CopyAsync(stream, at, _body.Length, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Writes bytes of the body, but for those that are left out.</summary>
    private ValueTask CopyAsync(Stream stream, int from, int to, CancellationToken cancellation) =>
        _cutLength == 0 || _cutStart < from || _cutStart >= to ? stream.WriteAsync(_body[from..to], cancellation) : CopyAroundAsync(stream, from, to, cancellation);

    private async ValueTask CopyAroundAsync(Stream stream, int from, int to, CancellationToken cancellation)
    {
        await stream.WriteAsync(_body[from.._cutStart], cancellation).ConfigureAwait(false);
        await stream.WriteAsync(_body[(_cutStart + _cutLength)..to], cancellation).ConfigureAwait(false);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = (long)_body.Length + Grows(_first) + Grows(_second) + Grows(_third) - _cutLength;
        return true;
    }

    private static int Grows(Splice splice) => splice.With.Length - splice.Length;

    private static void Order(ref Splice left, ref Splice right)
    {
        if (right.Start < left.Start)
            (left, right) = (right, left);
    }
}
