using System.Text;

namespace Gateway.Routing.Rescue;

/// <summary>What the client has of a tool call.</summary>
/// <param name="name">The tool.</param>
internal sealed class DeliveredCall(string name)
{
    /// <summary>The tool.</summary>
    public string Name { get; } = name;

    /// <summary>Its arguments so far.</summary>
    public StringBuilder Arguments { get; } = new();

    /// <summary>Whether it was told that there are no more.</summary>
    public bool IsWhole { get; set; }
}
