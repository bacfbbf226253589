namespace Gateway.Routing.Rules;

/// <summary>What stays in the part or the arm that it has come into.</summary>
internal enum Stickiness
{
    /// <summary>The end user that the request names; without one the caller's user, and without that the key.</summary>
    User,

    /// <summary>The virtual key.</summary>
    Key,

    /// <summary>Nothing: each request by itself.</summary>
    Request,
}
