using System.IO.Hashing;
using System.Runtime.InteropServices;
using Gateway.Pipeline;

namespace Gateway.Routing.Affinity;

/// <summary>What every hash of a caller begins with, so that two tenants that say the same are not taken for one.</summary>
internal static class TenantSalt
{
    /// <summary>The salt of a request's tenant.</summary>
    public static ulong Of(GatewayContext context)
    {
        var key = context.Key!;
        // A customer may bear the name of somebody's team.
        var level = key.CustomerId is not null ? 1 : key.TeamId is not null ? 2 : key.UserId is not null ? 3 : 4;
        return Add((ulong)level, key.Tenant);
    }

    /// <summary>A hash with a text added.</summary>
    public static ulong Add(ulong hash, string text) => Add(hash, MemoryMarshal.AsBytes(text.AsSpan()));

    /// <summary>A hash with bytes added.</summary>
    public static ulong Add(ulong hash, ReadOnlySpan<byte> bytes) => XxHash3.HashToUInt64(bytes, (long)hash);

    /// <summary>A hash with another added.</summary>
    public static ulong Add(ulong hash, ulong other) => Add(hash, MemoryMarshal.AsBytes(new ReadOnlySpan<ulong>(in other)));
}
