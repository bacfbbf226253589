namespace GatewayApi.Simulator;

/// <summary>What replies of every dialect say about the simulator.</summary>
internal static class ReplyFacts
{
    /// <summary>The <c>system_fingerprint</c>.</summary>
    public const string Fingerprint = "fp_simulator1";

    /// <summary>The <c>owned_by</c> of its models.</summary>
    public const string Owner = "simulator";

    /// <summary>When its models were made, in Unix seconds: 2025-01-01.</summary>
    public const long ModelsCreated = 1_735_689_600;
}
