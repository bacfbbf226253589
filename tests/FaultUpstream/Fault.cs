namespace FaultUpstream;

/// <summary>A way in which a provider goes wrong. Immutable: one fault serves any number of requests.</summary>
/// <param name="name">Lower-case words with dashes; the first part of the models that have it.</param>
/// <param name="what">What the provider does, for readers.</param>
/// <param name="act">Does it; null where no request ever arrives.</param>
internal sealed class Fault(string name, string what, Func<Exchange, Task>? act)
{
    /// <summary>Its name.</summary>
    public string Name { get; } = name;

    /// <summary>What the provider does.</summary>
    public string What { get; } = what;

    /// <summary>In which forms of reply it makes sense.</summary>
    public FaultForms Forms { get; init; } = FaultForms.Both;

    /// <summary>Where it happens.</summary>
    public FaultPlace Place { get; init; }

    /// <summary>What it obliges to.</summary>
    public FaultTrait Traits { get; init; }

    /// <summary>How often it happens before the provider is well; <see cref="int.MaxValue"/>: always.</summary>
    public int Times { get; init; } = int.MaxValue;

    /// <summary>Does it.</summary>
    public Task ActAsync(Exchange exchange) => act is null ? Task.CompletedTask : act(exchange);
}
