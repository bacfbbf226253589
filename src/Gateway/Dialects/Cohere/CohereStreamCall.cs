using System.Text;

namespace Gateway.Dialects.Cohere;

/// <summary>A tool call on its way to a client.</summary>
/// <param name="Index">Its index in the events.</param>
/// <param name="Id">Its id.</param>
/// <param name="Name">The tool.</param>
internal sealed record CohereStreamCall(int Index, string Id, string Name)
{
    /// <summary>Arguments that have not been written.</summary>
    public StringBuilder Waiting { get; } = new();

    /// <summary>Another vendor's signature of the call, wrapped, or null.</summary>
    public string? Signature { get; init; }

    /// <summary>Whether its start has been written.</summary>
    public bool IsOpen { get; set; }

    /// <summary>Whether all of it has come.</summary>
    public bool IsWhole { get; set; }

    /// <summary>Whether any arguments have been written.</summary>
    public bool HasArguments { get; set; }
}
