namespace Gateway.Errors;

/// <summary>Who can mend an error.</summary>
internal enum ErrorBlame
{
    /// <summary>The caller: the same request fails again.</summary>
    Client,

    /// <summary>The gateway or its operator.</summary>
    Gateway,

    /// <summary>The provider.</summary>
    Provider,
}
