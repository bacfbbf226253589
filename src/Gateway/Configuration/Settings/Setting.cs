namespace Gateway.Configuration.Settings;

/// <summary>A named member of a section.</summary>
/// <param name="Name">Its name, camelCase.</param>
/// <param name="Shape">What it may hold.</param>
/// <param name="Description">One or two sentences for people; units included.</param>
internal sealed record Setting(string Name, SettingShape Shape, string Description)
{
    /// <summary>The default as JSON text, or null when there is none.</summary>
    public string? Default { get; init; }

    /// <summary>True when the section is incomplete without it.</summary>
    public bool Required { get; init; }
}
