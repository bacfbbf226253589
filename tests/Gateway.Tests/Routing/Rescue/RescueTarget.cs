using Gateway.Protocol;

namespace Gateway.Tests.Routing.Rescue;

/// <summary>A target of a <see cref="RescueRig"/>.</summary>
/// <param name="Id">The provider.</param>
/// <param name="Wire">The one wire it speaks.</param>
/// <param name="Model">The model.</param>
/// <param name="Kind">The kind of provider.</param>
internal sealed record RescueTarget(string Id, Operation Wire, string Model = "m", string Kind = "openai");
