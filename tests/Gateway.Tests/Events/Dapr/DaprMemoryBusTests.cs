using TestSidecar;

namespace Gateway.Tests.Events.Dapr;

public sealed class DaprMemoryBusTests : DaprBusContract
{
    private protected override Task<SidecarOptions> OptionsAsync() => Task.FromResult(new SidecarOptions());
}
