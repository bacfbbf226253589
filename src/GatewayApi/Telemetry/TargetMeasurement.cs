namespace GatewayApi.Telemetry;

/// <summary>What is measured of a target.</summary>
/// <param name="Address"><c>provider/model</c>.</param>
/// <param name="Value">The value.</param>
internal readonly record struct TargetMeasurement(string Address, double Value)
{
    /// <summary>The provider's id.</summary>
    public string Provider => Address[..Address.IndexOf('/', StringComparison.Ordinal)];

    /// <summary>The model's id on its wire.</summary>
    public string Model => Address[(Address.IndexOf('/', StringComparison.Ordinal) + 1)..];
}
