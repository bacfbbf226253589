namespace Gateway.Protocol.Rerank;

/// <summary>A request to order documents by how well they answer a query. Null and empty members were not said.</summary>
internal sealed class RerankRequest
{
    /// <summary>The model as the client wrote it; codecs write the target's instead.</summary>
    public string Model { get; set; } = "";

    /// <summary>What is asked.</summary>
    public string Query { get; set; } = "";

    /// <summary>The documents: strings, or objects where the wire takes them.</summary>
    public List<RawJson> Documents { get; } = [];

    /// <summary>How many results are wanted at most.</summary>
    public long? TopN { get; set; }

    /// <summary>Whether results are to repeat their documents.</summary>
    public bool? ReturnDocuments { get; set; }

    /// <summary>Most tokens read of each document.</summary>
    public long? MaxTokensPerDocument { get; set; }

    /// <summary>Members only the client's wire knows.</summary>
    public List<ExtraMember> Extras { get; } = [];
}
