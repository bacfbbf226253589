namespace GatewayApi.Simulator;

/// <summary>A request the simulator answers with an error in OpenAI's shape.</summary>
internal sealed class SimulatorException(int status, string message) : Exception(message)
{
    /// <summary>HTTP status, 400–599.</summary>
    public int Status { get; } = status;

    /// <summary>The wire's <c>error.type</c>.</summary>
    public string? Type { get; init; } = "invalid_request_error";

    /// <summary>The wire's <c>error.code</c>.</summary>
    public string? Code { get; init; }

    /// <summary>The wire's <c>error.param</c>: the member at fault.</summary>
    public string? Parameter { get; init; }

    /// <summary>A 400 that names the member at fault.</summary>
    public static SimulatorException BadRequest(string parameter, string message) => new(400, message) { Parameter = parameter };
}
