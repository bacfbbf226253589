namespace Gateway.Dialects.Anthropic;

/// <summary>Where something stands in a conversation; made into text only when somebody must be told.</summary>
/// <param name="Message">Index of the turn; −1: the system prompt.</param>
/// <param name="Part">Index of the part in it; −1: the turn itself.</param>
/// <param name="Inner">Index of the part within a tool's result; −1: not in one.</param>
internal readonly record struct Place(int Message, int Part = -1, int Inner = -1)
{
    /// <summary>The path of a member of it.</summary>
    public string Of(string member) => $"{this}.{member}";

    public override string ToString()
    {
        var turn = Message < 0 ? "system" : $"messages[{Message}]";
        var part = Part < 0 ? turn : Message < 0 ? $"{turn}[{Part}]" : $"{turn}.content[{Part}]";
        return Inner < 0 ? part : $"{part}.content[{Inner}]";
    }
}
