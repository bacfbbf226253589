namespace Gateway.Dialects;

/// <summary>What has to change for a provider to report usage in a stream.</summary>
internal enum UsageSpliceKind
{
    /// <summary>Nothing: it is asked for already, or the dialect always reports it.</summary>
    None,

    /// <summary>The whole <c>stream_options</c> member is inserted after the opening brace.</summary>
    InsertMember,

    /// <summary>A null <c>stream_options</c> value is replaced.</summary>
    ReplaceValue,

    /// <summary><c>include_usage</c> is inserted after the brace that opens <c>stream_options</c>; other members follow.</summary>
    InsertField,

    /// <summary><c>include_usage</c> is inserted into an empty <c>stream_options</c> object.</summary>
    InsertOnlyField,

    /// <summary>The value of <c>include_usage</c> becomes true.</summary>
    ReplaceFlag,
}
