namespace Gateway.Tests.Compatibility;

/// <summary>What a client made of a reply.</summary>
internal sealed record Answer
{
    public string Text { get; set; } = "";

    public string Thinking { get; set; } = "";

    /// <summary>Names and arguments (as compact JSON).</summary>
    public List<(string Name, string Arguments)> Calls { get; } = [];

    /// <summary>stop, length, tool_calls or content_filter, translated from the wire's own word.</summary>
    public string? Finish { get; set; }

    public long Input { get; set; }

    public long Output { get; set; }

    /// <summary>Whether a stream had its proper end.</summary>
    public bool Ended { get; set; }
}
