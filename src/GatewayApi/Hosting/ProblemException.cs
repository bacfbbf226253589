using Gateway.Errors;

namespace GatewayApi.Hosting;

/// <summary>Ends a call of the admin API with a problem.</summary>
internal sealed class ProblemException(GatewayError error, IReadOnlyList<KeyValuePair<string, string>>? errors = null) : Exception(error.Message)
{
    /// <summary>What the caller gets.</summary>
    public GatewayError Error { get; } = error;

    /// <summary>Each fault: its path, and how to mend it.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Errors { get; } = errors ?? [];
}
