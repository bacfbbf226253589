namespace Gateway.Tests.Chaos;

/// <summary>Tests that measure time or take the whole machine: they run when no others do.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
#pragma warning disable CA1711 // xunit wants a class for it
public class Alone;
#pragma warning restore CA1711
