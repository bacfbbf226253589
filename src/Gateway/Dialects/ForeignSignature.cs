using System.Text;
using Gateway.Protocol;

namespace Gateway.Dialects;

/// <summary>
/// Carries a vendor's reasoning signature through another vendor's wire. A wire's own signatures travel as they are; a foreign one is
/// wrapped so that, when the client sends it back, its origin is known again: base64 of <c>gw1:ORIGIN:</c> and the signature, because some wires demand base64.
/// </summary>
internal static class ForeignSignature
{
    // Every wrapped text begins with the base64 of "gw1:", which no vendor's signature does.
    private const string Mark = "gw1:";

    /// <summary>Whether a body on any wire holds a wrapped signature: a vendor that got it as it is would refuse it.</summary>
    public static bool IsIn(ReadOnlySpan<byte> body) => body.IndexOf("\"Z3cxO"u8) >= 0;

    /// <summary>The text to put on a wire whose own signatures are of <paramref name="native"/>.</summary>
    public static string Wrap(string signature, ReasoningOrigin origin, ReasoningOrigin native) => origin == native
        ? signature
        : Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Mark}{origin}:{signature}"));

    /// <summary>What a text on a wire of <paramref name="native"/> is.</summary>
    public static (string Signature, ReasoningOrigin Origin) Unwrap(string text, ReasoningOrigin native)
    {
        if (!text.StartsWith("Z3cxO", StringComparison.Ordinal))
            return (text, native);
        var bytes = new byte[text.Length];
        if (!Convert.TryFromBase64String(text, bytes, out var written))
            return (text, native);
        var plain = Encoding.UTF8.GetString(bytes.AsSpan(0, written));
        var colon = plain.IndexOf(':', Mark.Length);
        return plain.StartsWith(Mark, StringComparison.Ordinal) && colon > 0 && Enum.TryParse<ReasoningOrigin>(plain[Mark.Length..colon], out var origin)
            ? (plain[(colon + 1)..], origin)
            : (text, native);
    }
}
