using System.Text.Json;

namespace GatewayApi.Simulator;

/// <summary>Reads <c>seed</c>.</summary>
internal static class SeedReader
{
    /// <summary>The seed, or zero.</summary>
    /// <exception cref="SimulatorException">400 when it is no 64-bit integer.</exception>
    public static long Read(JsonElement body)
    {
        var seed = body.Member("seed");
        if (!seed.Exists())
            return 0;
        return seed.ValueKind == JsonValueKind.Number && seed.TryGetInt64(out var value)
            ? value
            : throw SimulatorException.BadRequest("seed", "'seed' must be an integer.");
    }
}
