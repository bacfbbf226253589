using System.Security.Cryptography;
using Gateway.Admission;
using GatewayApi.Login;

namespace Gateway.Tests.Login;

public class DeploymentProtectorTests
{
    private static readonly byte[] Text = [1, 2, 3];

    [Fact]
    public void Unprotect_SameDeploymentAndPurpose_GivesItBack() =>
        Assert.Equal(Text, Protector("a").CreateProtector("p").Unprotect(Protector("a").CreateProtector("p").Protect(Text)));

    [Fact]
    public void Unprotect_AnythingElse_IsRefused()
    {
        var sealedText = Protector("a").CreateProtector("p").Protect(Text);
        Refuses(Protector("b").CreateProtector("p"), sealedText);
        Refuses(Protector("a").CreateProtector("q"), sealedText);
        Refuses(Protector("a"), sealedText);
        Refuses(Protector("a").CreateProtector("p"), sealedText[..^1]);
        Refuses(Protector("a").CreateProtector("p"), []);
        for (var i = 0; i < sealedText.Length; i++)
        {
            var edited = sealedText.ToArray();
            edited[i] ^= 1;
            Refuses(Protector("a").CreateProtector("p"), edited);
        }
    }

    private static void Refuses(Microsoft.AspNetCore.DataProtection.IDataProtector protector, byte[] data) =>
        Assert.ThrowsAny<CryptographicException>(() => protector.Unprotect(data));

    private static DeploymentProtector Protector(string secret) => new(new KeyHasher(System.Text.Encoding.UTF8.GetBytes(secret)));
}
