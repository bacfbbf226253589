using System.Globalization;

namespace Gateway.Configuration;

/// <summary>One thing that is wrong with a configuration.</summary>
/// <param name="Path">JSON path of the setting (<c>$.providers.openai.apiKey</c>), or <c>env NAME</c> when it came from the environment.</param>
/// <param name="Message">What is wrong and how to mend it. Never holds a secret or an unchecked value.</param>
internal sealed record ConfigProblem(string Path, string Message)
{
    /// <summary>Line in the file, from 1; null when the setting is not written there.</summary>
    public int? Line { get; init; }

    /// <summary>Column in the line in characters, from 1; null like <see cref="Line"/>.</summary>
    public int? Column { get; init; }

    /// <summary><c>path: message (line 3, column 5)</c>.</summary>
    public override string ToString() => Line is null
        ? $"{Path}: {Message}"
        : string.Create(CultureInfo.InvariantCulture, $"{Path}: {Message} (line {Line}, column {Column})");
}
