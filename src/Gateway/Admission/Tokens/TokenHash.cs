using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Gateway.Admission.Tokens;

/// <summary>SHA-256 of a token: what is remembered of it.</summary>
internal readonly record struct TokenHash(UInt128 First, UInt128 Second)
{
    /// <summary>Longest token that is looked at, in characters.</summary>
    public const int MaxTokenLength = 16 * 1024;

    /// <summary>The hash of a token of at most <see cref="MaxTokenLength"/> characters.</summary>
    public static TokenHash Of(ReadOnlySpan<char> token)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        // Over the characters as they lie: which encoding is hashed is nobody's business but ours.
        SHA256.HashData(MemoryMarshal.AsBytes(token), hash);
        return MemoryMarshal.Read<TokenHash>(hash);
    }

    /// <summary>The 32 bytes.</summary>
    public byte[] ToBytes() => MemoryMarshal.AsBytes(new ReadOnlySpan<TokenHash>(in this)).ToArray();
}
