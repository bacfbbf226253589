namespace Gateway.Jobs.Usage;

/// <summary>By what usage is grouped.</summary>
internal enum UsageGroup
{
    /// <summary>By customer.</summary>
    Customer,

    /// <summary>By team.</summary>
    Team,

    /// <summary>By user.</summary>
    User,

    /// <summary>By virtual key.</summary>
    Key,

    /// <summary>By provider.</summary>
    Provider,

    /// <summary>By the model as clients wrote it.</summary>
    Model,
}
