namespace Gateway.Events.Dapr;

/// <summary>What a sidecar is told of an event that it has delivered. Source: https://docs.dapr.io/reference/api/pubsub_api/#expected-http-response.</summary>
internal static class DeliveryReply
{
    private static readonly byte[] Success = """{"status":"SUCCESS"}"""u8.ToArray();
    private static readonly byte[] Retry = """{"status":"RETRY"}"""u8.ToArray();
    private static readonly byte[] Drop = """{"status":"DROP"}"""u8.ToArray();

    /// <summary>The body of the answer, whose status is 200.</summary>
    public static byte[] Of(EventVerdict verdict) => verdict switch
    {
        EventVerdict.Done => Success,
        EventVerdict.Retry => Retry,
        _ => Drop,
    };
}
