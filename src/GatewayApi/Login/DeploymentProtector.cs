using System.Security.Cryptography;
using System.Text;
using Gateway.Admission;
using Microsoft.AspNetCore.DataProtection;

namespace GatewayApi.Login;

/// <summary>
/// Protects sessions and login state under the deployment's own secret, so that every replica that shares the secret reads what another wrote, and no key
/// has to be kept or shared besides. AES-256-GCM; each purpose has a key of its own.
/// </summary>
internal sealed class DeploymentProtector : IDataProtector
{
    private const byte Version = 1;
    private const int NonceLength = 12;
    private const int TagLength = 16;
    private const string Purpose = "login sessions";

    private readonly byte[] _key;

    /// <summary>The protector of everything about login; make one for each purpose of it.</summary>
    public DeploymentProtector(KeyHasher hasher) => _key = hasher.Hash(Purpose);

    private DeploymentProtector(byte[] key) => _key = key;

    public IDataProtector CreateProtector(string purpose) => new DeploymentProtector(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(purpose)));

    public byte[] Protect(byte[] plaintext)
    {
        var result = new byte[1 + NonceLength + plaintext.Length + TagLength];
        result[0] = Version;
        var nonce = result.AsSpan(1, NonceLength);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(_key, TagLength);
        aes.Encrypt(nonce, plaintext, result.AsSpan(1 + NonceLength, plaintext.Length), result.AsSpan(^TagLength..));
        return result;
    }

    /// <exception cref="CryptographicException">It was not protected for this purpose by this deployment, or was changed.</exception>
    public byte[] Unprotect(byte[] protectedData)
    {
        if (protectedData.Length < 1 + NonceLength + TagLength || protectedData[0] != Version)
            throw new CryptographicException("It is not what this gateway protected.");
        var plaintext = new byte[protectedData.Length - 1 - NonceLength - TagLength];
        using var aes = new AesGcm(_key, TagLength);
        aes.Decrypt(protectedData.AsSpan(1, NonceLength), protectedData.AsSpan(1 + NonceLength, plaintext.Length), protectedData.AsSpan(^TagLength..), plaintext);
        return plaintext;
    }
}
