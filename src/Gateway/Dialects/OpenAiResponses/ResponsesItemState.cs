namespace Gateway.Dialects.OpenAiResponses;

/// <summary>What has been read of one item of a stream.</summary>
internal sealed class ResponsesItemState
{
    /// <summary>Characters told of each content or summary part, by its index; of a call's arguments under 0.</summary>
    public Dictionary<long, int> Told { get; } = [];

    /// <summary>Its id, once it is known.</summary>
    public string? Id { get; set; }

    /// <summary>The call's number among the calls; −1 when it is none.</summary>
    public int Call { get; set; } = -1;

    /// <summary>Whether it is whole.</summary>
    public bool IsDone { get; set; }
}
