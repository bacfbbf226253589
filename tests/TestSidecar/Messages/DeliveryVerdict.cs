namespace TestSidecar.Messages;

/// <summary>What an application made of a delivery.</summary>
internal enum DeliveryVerdict
{
    /// <summary>Dealt with.</summary>
    Success,

    /// <summary>To come again.</summary>
    Retry,

    /// <summary>Never to come again: the application said so, or has no such route.</summary>
    Drop,
}
