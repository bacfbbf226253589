using System.Net;
using Gateway.Admission;
using Gateway.Errors;
using Gateway.Tests.Pipeline;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Tests.Admission;

public class CallerKeysTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 8, 1, 0, 0, 0, TimeSpan.Zero));

    [Fact]
    public void Authenticate_Expired_IsRefusedFromThatMoment()
    {
        var keys = Ring(expires: _time.GetUtcNow().AddSeconds(1));
        Assert.Null(Ask(keys, null));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(ErrorKinds.ExpiredKey, Ask(keys, null)?.Kind);
    }

    [Theory]
    [InlineData("10.1.2.3", true)]
    [InlineData("192.0.2.7", false)]
    [InlineData(null, false)]
    public void Authenticate_BoundToANetwork_IsRefusedElsewhere(string? address, bool passes)
    {
        var error = Ask(Ring(networks: IPNetwork.Parse("10.0.0.0/8")), address is null ? null : IPAddress.Parse(address));
        Assert.Equal(passes ? null : ErrorKinds.AddressNotAllowed, error?.Kind);
    }

    [Fact]
    public void Authenticate_Disabled_SaysSoBeforeAnythingElse() =>
        Assert.Equal(ErrorKinds.DisabledKey, Ask(Ring(expires: _time.GetUtcNow(), isDisabled: true), null)?.Kind);

    private static GatewayError? Ask(KeyRing keys, IPAddress? address)
    {
        using var client = new MemoryExchange { RemoteAddress = address };
        return CallerKeys.Authenticate(client, keys, out _);
    }

    private KeyRing Ring(DateTimeOffset? expires = null, bool isDisabled = false, params IPNetwork[] networks)
    {
        var hasher = new KeyHasher([1]);
        return new KeyRing(hasher, [new VirtualKey { Id = "k", Name = "k", Hash = hasher.Hash(PipelineRig.Key), Models = ["*"], Expires = expires, Disabled = isDisabled, AllowedNetworks = networks }], _time);
    }
}
