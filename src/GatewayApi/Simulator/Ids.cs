using System.Security.Cryptography;

namespace GatewayApi.Simulator;

/// <summary>Identifiers as OpenAI's look: a prefix and random letters and digits.</summary>
internal static class Ids
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    /// <summary>Random letters and digits.</summary>
    public static string Random(int length) => RandomNumberGenerator.GetString(Alphabet, length);
}
