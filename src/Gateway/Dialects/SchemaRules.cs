namespace Gateway.Dialects;

/// <summary>What of JSON Schema a target can be held to.</summary>
internal sealed record SchemaRules
{
    /// <summary>The keywords it takes; null: all but <see cref="Refused"/>.</summary>
    public string[]? Taken { get; init; }

    /// <summary>The keywords it does not take.</summary>
    public string[] Refused { get; init; } = [];

    /// <summary>Keywords that say nothing about the value: left out without a word.</summary>
    public string[] Silent { get; init; } = [];

    /// <summary>The formats it takes.</summary>
    public required string[] Formats { get; init; }

    /// <summary>Pieces that no pattern may hold.</summary>
    public string[] RefusedInPatterns { get; init; } = [];

    /// <summary>Whether objects must forbid members that they do not name.</summary>
    public bool ClosesObjects { get; init; }

    /// <summary>Whether an object with properties must require some: all of them, where it requires none.</summary>
    public bool RequiresProperties { get; init; }

    /// <summary>Whether a constant must be said as the only one of an enumeration.</summary>
    public bool EnumeratesConstants { get; init; }

    /// <summary>Whether a reference stands alone, and leads to <c>$defs</c>.</summary>
    public bool IsolatesReferences { get; init; }

    /// <summary>Whether only an object is a schema, not <c>true</c>, <c>false</c> or a list.</summary>
    public bool TakesOnlyObjects { get; init; }

    /// <summary>Whether what can't be held goes into the description, where the model may heed it.</summary>
    public bool DescribesLosses { get; init; }
}
