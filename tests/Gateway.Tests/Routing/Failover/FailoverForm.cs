namespace Gateway.Tests.Routing.Failover;

/// <summary>How a reply is asked for.</summary>
internal enum FailoverForm
{
    /// <summary>A whole reply of chat completions.</summary>
    Whole,

    /// <summary>A stream of chat completions.</summary>
    Stream,

    /// <summary>A whole reply of Anthropic's messages.</summary>
    MessagesWhole,

    /// <summary>A stream of Anthropic's messages.</summary>
    MessagesStream,
}
