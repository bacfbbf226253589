namespace Gateway.Dialects;

/// <summary>What has to change for a body to limit the output of its reply.</summary>
internal enum OutputLimitKind
{
    /// <summary>Nothing can: the wire has no such limit, or the body says two.</summary>
    None,

    /// <summary>The whole member, with the object it stands in where there is one, is inserted after the body's opening brace.</summary>
    InsertMember,

    /// <summary>The member is inserted after the brace that opens the object it stands in; other members follow.</summary>
    InsertField,

    /// <summary>The member is inserted into the empty object it stands in.</summary>
    InsertOnlyField,

    /// <summary>The null in place of the object becomes one.</summary>
    ReplaceObject,

    /// <summary>The number is replaced.</summary>
    ReplaceValue,
}
