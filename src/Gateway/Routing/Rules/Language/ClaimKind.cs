namespace Gateway.Routing.Rules.Language;

/// <summary>How a claim is made up.</summary>
internal enum ClaimKind
{
    /// <summary>Of nothing that could be compared.</summary>
    Atom,

    /// <summary>All its parts hold.</summary>
    All,

    /// <summary>One of its parts holds.</summary>
    Any,
}
