namespace Gateway.Protocol;

/// <summary>Who speaks in a turn.</summary>
internal enum ChatRole
{
    /// <summary>Instructions that stand above the conversation.</summary>
    System,

    /// <summary>OpenAI's name for the application's instructions; other wires fold it into system.</summary>
    Developer,

    /// <summary>The person or program that asks; tool results are parts of a <see cref="Tool"/> turn.</summary>
    User,

    /// <summary>The model.</summary>
    Assistant,

    /// <summary>Results of tools. Its parts are <see cref="Parts.ToolResultPart"/>s only.</summary>
    Tool,
}
