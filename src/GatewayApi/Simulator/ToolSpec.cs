using System.Text.Json;

namespace GatewayApi.Simulator;

/// <summary>A function the caller offers.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Parameters">The JSON Schema of its arguments; undefined when it takes none.</param>
internal sealed record ToolSpec(string Name, JsonElement Parameters);
