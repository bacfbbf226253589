using System.Globalization;

namespace Gateway.Dialects.BedrockConverse;

/// <summary>Where a part stands in a request, for reports: text is made of it only when something is to be reported.</summary>
/// <param name="Message">Index of the turn in the canonical request.</param>
/// <param name="Part">Index of the part in the turn.</param>
/// <param name="Inner">Index in the content of a tool's result, or −1.</param>
internal readonly record struct PartPlace(int Message, int Part, int Inner = -1)
{
    public override string ToString() => Inner < 0
        ? string.Create(CultureInfo.InvariantCulture, $"messages[{Message}].content[{Part}]")
        : string.Create(CultureInfo.InvariantCulture, $"messages[{Message}].content[{Part}].content[{Inner}]");
}
