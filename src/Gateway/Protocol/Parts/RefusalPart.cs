namespace Gateway.Protocol.Parts;

/// <summary>The model's refusal.</summary>
internal sealed class RefusalPart(string text) : ContentPart
{
    /// <summary>What it says.</summary>
    public string Text { get; } = text;
}
