namespace Gateway.Caching.Semantic;

/// <summary>Where entries lie: what one scope holds is never found from another.</summary>
internal sealed record IndexScope
{
    /// <summary>Names a scope.</summary>
    /// <param name="tenant">Whose it is.</param>
    /// <param name="partition">A hash of all that must be equal for one answer to do for another: route, model, parameters, the model of the vectors.</param>
    public IndexScope(Tenant tenant, UInt128 partition)
    {
        ArgumentNullException.ThrowIfNull(tenant);
        (Tenant, Partition) = (tenant, partition);
    }

    /// <summary>Whose it is.</summary>
    public Tenant Tenant { get; }

    /// <summary>Which part of the tenant's entries.</summary>
    public UInt128 Partition { get; }
}
