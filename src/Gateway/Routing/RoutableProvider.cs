using Gateway.Providers;

namespace Gateway.Routing;

/// <summary>An enabled provider, as the model directory needs it.</summary>
/// <param name="Snapshot">How to reach it.</param>
/// <param name="CatalogueName">What the model catalogue calls its kind; differs from the id when an operator chose one.</param>
internal sealed record RoutableProvider(ProviderSnapshot Snapshot, string CatalogueName);
