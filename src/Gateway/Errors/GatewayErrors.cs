namespace Gateway.Errors;

/// <summary>Errors that more than one stage answers with, in the same words.</summary>
internal static class GatewayErrors
{
    /// <summary>No such model, or none this caller may know of.</summary>
    public static GatewayError ModelNotFound(string model) =>
        new(ErrorKinds.ModelNotFound, $"The model '{model}' does not exist, or this key may not use it. GET /v1/models lists the models it may use.")
        {
            Param = "model",
        };
}
