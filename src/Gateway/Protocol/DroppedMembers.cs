namespace Gateway.Protocol;

/// <summary>What of a request a target could not be told. Listed to the client in <c>x-gateway-dropped</c>; an error where the client or route is strict.</summary>
internal sealed class DroppedMembers
{
    private readonly List<string> _paths = [];

    /// <summary>Paths in the words of the client's wire where one is known, otherwise in the canonical model's; in order, each once.</summary>
    public IReadOnlyList<string> Paths => _paths;

    /// <summary>Notes a member that was left out or changed in meaning, e.g. <c>seed</c> or <c>temperature (clamped to 1)</c>. Nothing is lost where there is no path.</summary>
    public void Add(string path)
    {
        if (path.Length > 0 && !_paths.Contains(path))
            _paths.Add(path);
    }

    /// <summary>Notes every extra that did not come from this wire.</summary>
    public void AddForeign(IEnumerable<ExtraMember> extras, Operation wire)
    {
        foreach (var extra in extras)
        {
            if (extra.Origin != wire)
                Add(extra.Path);
        }
    }
}
