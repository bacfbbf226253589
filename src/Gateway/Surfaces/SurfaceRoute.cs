using Gateway.Protocol;

namespace Gateway.Surfaces;

/// <summary>One path of an API we expose. All of them are called by POST, but for those that are asked for a socket.</summary>
/// <param name="Operation">What is asked there, and so the dialect.</param>
/// <param name="Pattern">
/// The path. <see cref="Model"/> in it is where the model stands, which may itself hold slashes; other parameters in braces stand for one
/// segment. Without it the model stands in the body.
/// </param>
/// <param name="Stream">Whether the reply is streamed, where the path says so; null: the body says it.</param>
internal sealed record SurfaceRoute(Operation Operation, string Pattern, bool? Stream = null)
{
    /// <summary>Where the model stands in a pattern.</summary>
    public const string Model = "{model}";

    /// <summary>A segment that names whose model it is, when that is not Google: the publisher of Vertex's paths.</summary>
    public const string Publisher = "publisher";

    /// <summary>Whether the path says which model.</summary>
    public bool IsModelInPath => Pattern.Contains(Model, StringComparison.Ordinal);

    /// <summary>What stands before the model; the whole pattern when it is not in the path.</summary>
    public string Prefix { get; } = Pattern.Split(Model)[0];

    /// <summary>What stands after the model, e.g. <c>:generateContent</c> or <c>/converse</c>; empty when it is not in the path.</summary>
    public string Suffix { get; } = Pattern.Contains(Model, StringComparison.Ordinal) ? Pattern.Split(Model)[1] : "";

    /// <summary>The model that a path names.</summary>
    /// <param name="written">What stands from <see cref="Prefix"/> to the end, unescaped but for slashes.</param>
    /// <param name="publisher">The <see cref="Publisher"/>, or null.</param>
    public string ModelOf(string written, string? publisher)
    {
        var model = written[..^Suffix.Length].Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
        return publisher is null or "google" ? model : $"{publisher}/{model}";
    }
}
