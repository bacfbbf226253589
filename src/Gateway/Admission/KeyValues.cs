using System.Security.Cryptography;

namespace Gateway.Admission;

/// <summary>Makes new keys.</summary>
internal static class KeyValues
{
    private const int Length = 43; // 43 characters of 62 hold 256 bits

    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    /// <summary>A new value: <c>PREFIX-</c> and 256 bits of randomness.</summary>
    public static string Create(string prefix) => $"{prefix}-{RandomNumberGenerator.GetString(Alphabet, Length)}";
}
