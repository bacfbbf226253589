using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Gateway.Secrets;

/// <summary>
/// Ids that only their owner can use: a provider's id, authenticated together with the provider, the kind and the owner under a secret of the
/// deployment. Nothing is kept; the owner is not in the id but in what is authenticated.
/// </summary>
/// <param name="key">The secret, 32 bytes.</param>
internal sealed class IdSeal(byte[] key)
{
    /// <summary>What the secret is derived for.</summary>
    public const string Purpose = "gateway:id-seal:v1";

    private const int MacLength = 16;
    private const int MaxLength = 1_024;

    /// <summary>Seals an id.</summary>
    /// <param name="prefix">What the sealed id begins with; says the kind.</param>
    /// <param name="owner">Who may use it.</param>
    /// <param name="provider">Whose id it is.</param>
    /// <param name="id">The id.</param>
    public string Seal(string prefix, string owner, string provider, string id)
    {
        var said = Encoding.UTF8.GetBytes(provider + "\n" + id);
        return prefix + Base64Url.EncodeToString([.. Mac(prefix, owner, said), .. said]);
    }

    /// <summary>The provider and its id; null when the id is none of this owner's.</summary>
    public (string Provider, string Id)? Open(string prefix, string owner, string? sealedId)
    {
        if (sealedId is null || sealedId.Length > MaxLength || !sealedId.StartsWith(prefix, StringComparison.Ordinal))
            return null;
        var text = sealedId.AsSpan(prefix.Length);
        if (!Base64Url.IsValid(text))
            return null;
        var bytes = Base64Url.DecodeFromChars(text);
        if (bytes.Length <= MacLength || !CryptographicOperations.FixedTimeEquals(bytes.AsSpan(0, MacLength), Mac(prefix, owner, bytes.AsSpan(MacLength))))
            return null;
        var parts = Encoding.UTF8.GetString(bytes.AsSpan(MacLength)).Split('\n', 2);
        return parts.Length == 2 ? (parts[0], parts[1]) : null;
    }

    // No part can be taken for another: none of them holds a line end but the last.
    private byte[] Mac(string prefix, string owner, ReadOnlySpan<byte> said) =>
        HMACSHA256.HashData(key, (byte[])[.. Encoding.UTF8.GetBytes($"{prefix}\n{owner.Length}\n{owner}\n"), .. said])[..MacLength];
}
