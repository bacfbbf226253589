using Gateway.Metering;

namespace Gateway.Protocol.Rerank;

/// <summary>Documents in order.</summary>
internal sealed class RerankReply
{
    /// <summary>The provider's id, or null.</summary>
    public string? Id { get; set; }

    /// <summary>The model that answered, as the provider says, or null.</summary>
    public string? Model { get; set; }

    /// <summary>The results, best first.</summary>
    public List<RerankResult> Results { get; } = [];

    /// <summary>Tokens where the provider counts them, or null.</summary>
    public TokenUsage? Usage { get; set; }

    /// <summary>Searches the provider bills, or null where it bills tokens.</summary>
    public long? SearchUnits { get; set; }

    /// <summary>Members only the provider's wire knows.</summary>
    public List<ExtraMember> Extras { get; } = [];
}
