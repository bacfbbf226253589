namespace Gateway.Routing.Rescue;

/// <summary>How an answer that broke off is gone on with, the truest way first.</summary>
internal enum RescueWay
{
    /// <summary>The request as it was: the client has nothing of the answer yet but reasoning, and new reasoning is left out.</summary>
    Afresh,

    /// <summary>What was delivered stands last in the request as the model's own turn, and the model goes on with it.</summary>
    Prefill,

    /// <summary>The request as it was: the answer is expected to come out the same, and what was delivered of it is skipped.</summary>
    Restart,

    /// <summary>What was delivered stands in the request as the model's turn, followed by a user's turn that asks for the rest.</summary>
    Turn,
}
