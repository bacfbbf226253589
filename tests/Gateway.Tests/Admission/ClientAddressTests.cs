using System.Net;
using Gateway.Admission;

namespace Gateway.Tests.Admission;

public class ClientAddressTests
{
    private static readonly IPNetwork[] Trusted = [IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("fd00::/8")];

    [Theory]
    [InlineData("203.0.113.5", null, "203.0.113.5")]
    [InlineData("203.0.113.5", "198.51.100.1", "203.0.113.5")]
    [InlineData("10.1.1.1", null, "10.1.1.1")]
    [InlineData("10.1.1.1", "198.51.100.1", "198.51.100.1")]
    [InlineData("::ffff:10.1.1.1", "198.51.100.1", "198.51.100.1")]
    [InlineData("10.1.1.1", "192.0.2.9, 198.51.100.1", "198.51.100.1")]
    [InlineData("10.1.1.1", "198.51.100.1, 10.2.2.2", "198.51.100.1")]
    [InlineData("10.1.1.1", "198.51.100.1:4711,[fd00::1]:80", "198.51.100.1")]
    [InlineData("10.1.1.1", "10.3.3.3, 10.2.2.2", "10.3.3.3")]
    [InlineData("10.1.1.1", "192.0.2.9, unknown", null)]
    [InlineData(null, "192.0.2.9", null)]
    public void Find_PeerAndForwarded_BelievesOnlyTrustedProxies(string? peer, string? forwarded, string? expected) =>
        Assert.Equal(expected, ClientAddress.Find(peer is null ? null : IPAddress.Parse(peer), forwarded, Trusted)?.ToString());

    [Theory]
    [InlineData("10.0.0.0/8", true)]
    [InlineData("0.0.0.0/0", true)]
    [InlineData("192.0.2.7", true)]
    [InlineData("2001:db8::/32", true)]
    [InlineData("10.0.0.1/8", false)]
    [InlineData("10", false)]
    [InlineData("10.0.0.0/33", false)]
    [InlineData("10.0.0.0/", false)]
    [InlineData("fe80::1%2/128", false)]
    [InlineData("", false)]
    public void Read_Network_TakesOnlyWholeOnes(string text, bool isGood) => Assert.Equal(isGood, NetworkText.Read(text, out _) is null);
}
