using System.Text;
using Gateway.Dialects;
using Gateway.Transport;

namespace Gateway.Tests.Routing.Decisions;

/// <summary>A tap that has seen a text.</summary>
internal sealed class TextTap : DialectStreamTap
{
    public TextTap(string text) => Saw(Encoding.UTF8.GetBytes(text));

    public override bool Finished => false;

    public override ReadOnlyMemory<byte> MissingTerminator => default;

    public override TapVerdict Observe(in StreamFrame frame) => TapVerdict.Content;
}
