namespace Gateway.Routing;

/// <summary>Resolves model names to routes. Immutable; part of a snapshot.</summary>
internal interface IModelDirectory
{
    /// <summary>
    /// Resolves, in this order: a named route; <c>provider/model</c> of an enabled provider (the model need not be in the catalogue);
    /// a bare model id that the catalogue lists for an enabled provider, first configured provider first.
    /// </summary>
    /// <param name="model">The model as the client wrote it.</param>
    /// <returns>The route, or null when nothing answers to that name.</returns>
    RouteSnapshot? Resolve(string model);

    /// <summary>Every name worth listing: named routes, then <c>provider/model</c> of each catalogue model of each enabled provider.</summary>
    IReadOnlyList<RouteSnapshot> Listed { get; }
}
