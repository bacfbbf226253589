namespace LoadClient;

/// <summary>One of the servers that are measured side by side.</summary>
/// <param name="Name">As it stands in the tables: direct, nginx, yarp, gateway.</param>
/// <param name="Url">The chat completions endpoint; plain HTTP.</param>
/// <param name="Model">The model to ask for, as this target spells it.</param>
internal sealed record Target(string Name, Uri Url, string Model);
