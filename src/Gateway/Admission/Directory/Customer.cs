namespace Gateway.Admission.Directory;

/// <summary>Who is billed: a company, a department.</summary>
internal sealed record Customer : Entity
{
    /// <summary>Share of a gateway at its limit, against other customers'; 1 to 100.</summary>
    public int Weight { get; init; } = 1;
}
