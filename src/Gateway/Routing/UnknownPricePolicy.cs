namespace Gateway.Routing;

/// <summary>What to do with a model whose price is not known. Zero is never an option.</summary>
internal enum UnknownPricePolicy
{
    /// <summary>Charge the ceiling: the dearest known price of that provider (of the whole catalogue when it has none).</summary>
    Ceiling,

    /// <summary>Refuse the request with <c>unknown_price</c>.</summary>
    Fail,
}
