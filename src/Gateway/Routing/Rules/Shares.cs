using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text;

namespace Gateway.Routing.Rules;

/// <summary>Parts of all requests: who is in one stays in it, on every replica and after every restart, and parts of different names are independent of each other.</summary>
internal static class Shares
{
    /// <summary>What tells a part from those of other names.</summary>
    public static ulong Salt(string name) => XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(name));

    /// <summary>A number of [0, 100) from even bits.</summary>
    public static double ToPercent(this ulong bits) => (bits >> 11) * (100.0 / (1UL << 53));

    /// <summary>Where a request stands: a number of [0, 100), the same for the same salt and whatever it sticks to.</summary>
    /// <param name="facts">The request.</param>
    /// <param name="by">What it sticks to.</param>
    /// <param name="salt">What is divided.</param>
    public static double Of(ref RuleFacts facts, Stickiness by, ulong salt) => by switch
    {
        Stickiness.Request => Mixed(facts.Draw, salt),
        Stickiness.Key => Of(facts.Key, salt),
        _ => OfUser(ref facts, salt),
    };

    private static double OfUser(ref RuleFacts facts, ulong salt)
    {
        // Its bytes as written: nobody writes the same name in two ways.
        if (facts.Body.User is var place && !place.Equals(default))
            return XxHash3.HashToUInt64(facts.Context.Body!.WrittenSpan[place], (long)salt).ToPercent();
        return Of(facts.User is { Length: > 0 } user ? user : facts.Key, salt);
    }

    private static double Of(string text, ulong salt) => XxHash3.HashToUInt64(MemoryMarshal.AsBytes(text.AsSpan()), (long)salt).ToPercent();

    private static double Mixed(ulong draw, ulong salt) => XxHash3.HashToUInt64(MemoryMarshal.AsBytes(new ReadOnlySpan<ulong>(in draw)), (long)salt).ToPercent();
}
