using System.Text.Json;

namespace GatewayApi.Simulator;

/// <summary>What the simulator needs of a generation request, the same for every OpenAI dialect.</summary>
internal sealed record SimulatedRequest
{
    /// <summary>The model asked.</summary>
    public required SimulatorModel Model { get; init; }

    /// <summary>The whole body, for members that replies repeat.</summary>
    public required JsonElement Body { get; init; }

    /// <summary>The last user text; several for a batch of legacy prompts.</summary>
    public required IReadOnlyList<string> Prompts { get; init; }

    /// <summary>Input tokens of all prompts, tools and schemas together.</summary>
    public required int InputTokens { get; init; }

    /// <summary>Whether to answer as a stream.</summary>
    public bool Stream { get; init; }

    /// <summary>Whether a stream ends with a usage chunk.</summary>
    public bool IncludeUsage { get; init; }

    /// <summary>Images in the last user message.</summary>
    public int Images { get; init; }

    /// <summary>Audio clips and files in the last user message.</summary>
    public int Attachments { get; init; }

    /// <summary>What the tools returned, when the conversation ends with that; otherwise null.</summary>
    public string? ToolResult { get; init; }

    /// <summary>The last answer, and the user text it answered, when nothing or only one user message came after it; otherwise null.</summary>
    public (string Prompt, string Text)? LastAnswer { get; init; }

    /// <summary>The tools that may be called; none when the caller forbids them.</summary>
    public IReadOnlyList<ToolSpec> Tools { get; init; } = [];

    /// <summary>Whether a tool must be called.</summary>
    public bool ToolRequired { get; init; }

    /// <summary>Whether several tools may be called at once.</summary>
    public bool ParallelTools { get; init; } = true;

    /// <summary>The shape of the text.</summary>
    public AnswerFormat Format { get; init; }

    /// <summary>The schema when <see cref="Format"/> is <see cref="AnswerFormat.JsonSchema"/>.</summary>
    public JsonElement Schema { get; init; }

    /// <summary>Most output tokens per choice, or null for no limit.</summary>
    public int? MaxTokens { get; init; }

    /// <summary>Texts that end the answer.</summary>
    public IReadOnlyList<string> Stops { get; init; } = [];

    /// <summary>Choices per prompt.</summary>
    public int Choices { get; init; } = 1;

    /// <summary>Varies the canned texts.</summary>
    public long Seed { get; init; }

    /// <summary>Whether a legacy completion starts with its prompt.</summary>
    public bool EchoPrompt { get; init; }
}
