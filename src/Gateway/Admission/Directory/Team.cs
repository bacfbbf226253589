namespace Gateway.Admission.Directory;

/// <summary>People who work together.</summary>
internal sealed record Team : Entity
{
    /// <summary>The customer it belongs to, or null.</summary>
    public string? Customer { get; init; }
}
