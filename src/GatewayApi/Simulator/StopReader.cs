using System.Text.Json;

namespace GatewayApi.Simulator;

/// <summary>Reads <c>stop</c>: a string or up to four.</summary>
internal static class StopReader
{
    /// <summary>The non-empty stop sequences.</summary>
    /// <exception cref="SimulatorException">400 on anything but strings, or more than four.</exception>
    public static IReadOnlyList<string> Read(JsonElement body)
    {
        var stop = body.Member("stop");
        switch (stop.ValueKind)
        {
            case JsonValueKind.Undefined:
                return [];
            case JsonValueKind.String:
                return stop.Text() is { Length: > 0 } only ? [only] : [];
            case JsonValueKind.Array when stop.GetArrayLength() <= 4:
                var stops = new List<string>();
                foreach (var element in stop.EnumerateArray())
                {
                    if (element.ValueKind != JsonValueKind.String)
                        goto default;
                    if (element.Text() is { Length: > 0 } text)
                        stops.Add(text);
                }

                return stops;
            default:
                throw SimulatorException.BadRequest("stop", "'stop' must be a string or an array of up to four strings.");
        }
    }
}
