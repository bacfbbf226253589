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
    private readonly Splice _fourth;

    /// <summary>Splices must not overlap, and come in any order; an unused one has zero length and no replacement.</summary>
    public SplicedContent(ReadOnlyMemory<byte> body, Splice first = default, Splice second = default, Splice third = default, Splice fourth = default)
    {
        // Neighbours only: two that insert at one place keep their order.
        Order(ref first, ref second);
        Order(ref second, ref third);
        Order(ref third, ref fourth);
        Order(ref first, ref second);
        Order(ref second, ref third);
        Order(ref first, ref second);
        (_body, _first, _second, _third, _fourth) = (body, first, second, third, fourth);
        Headers.TryAddWithoutValidation("Content-Type", "application/json"); // as text: a parsed value is formatted anew for each request
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        var at = 0;
        for (var i = 0; i < 4; i++)
        {
            var splice = i switch { 0 => _first, 1 => _second, 2 => _third, _ => _fourth };
            if (splice.With.IsEmpty && splice.Length == 0)
                continue;
            await stream.WriteAsync(_body[at..splice.Start], cancellationToken).ConfigureAwait(false);
            if (!splice.With.IsEmpty)
                await stream.WriteAsync(splice.With, cancellationToken).ConfigureAwait(false);
            at = splice.Start + splice.Length;
        }

        await stream.WriteAsync(_body[at..], cancellationToken).ConfigureAwait(false);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = (long)_body.Length + Grows(_first) + Grows(_second) + Grows(_third) + Grows(_fourth);
        return true;
    }

    private static int Grows(Splice splice) => splice.With.Length - splice.Length;

    private static void Order(ref Splice left, ref Splice right)
    {
        // What is inserted where something else is taken out stands before it.
        if (right.Start < left.Start || (right.Start == left.Start && right.Length < left.Length))
            (left, right) = (right, left);
    }
}
