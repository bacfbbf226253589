namespace Gateway.Admission.Roles;

/// <summary>What a person or an automation may do with the gateway itself. Deny by default.</summary>
internal enum Role
{
    /// <summary>Everything, and who else may do what. The admin key is an owner.</summary>
    Owner,

    /// <summary>Everything but owners and admins.</summary>
    Admin,

    /// <summary>Sees everything; changes routes, providers and what runs, not who may spend what.</summary>
    Operator,

    /// <summary>Sees everything, changes nothing.</summary>
    Auditor,

    /// <summary>Users, keys and limits of their own teams, within the teams' own limits.</summary>
    TeamAdmin,

    /// <summary>Their own keys, within the limits of their user and team.</summary>
    Developer,
}
