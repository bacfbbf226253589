namespace FaultUpstream.Catalogue;

/// <summary>Every fault there is.</summary>
internal static class Faults
{
    /// <summary>All, in the order of docs/failover.md.</summary>
    public static IReadOnlyList<Fault> All { get; } =
        [.. LimitFaults.All, .. StatusFaults.All, .. RefusalFaults.All, .. ConnectionFaults.All, .. HeadFaults.All, .. SilenceFaults.All, .. StreamFaults.All, .. BodyFaults.All];

    private static readonly Dictionary<string, Fault> ByName = All.ToDictionary(fault => fault.Name, StringComparer.Ordinal);

    /// <summary>The fault of a name, or null.</summary>
    public static Fault? Find(string name) => ByName.GetValueOrDefault(name);
}
