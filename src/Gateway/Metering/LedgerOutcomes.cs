namespace Gateway.Metering;

/// <summary>The names outcomes have in the spool, the store and the API.</summary>
internal static class LedgerOutcomes
{
    private static readonly string[] Names = ["completed", "failed", "interrupted", "aborted"];

    /// <summary>The name of an outcome, lower case.</summary>
    public static string Name(LedgerOutcome outcome) => Names[(int)outcome];

    /// <summary>Finds an outcome by its name, exactly as <see cref="Name"/> gives it.</summary>
    public static bool TryParse(string? name, out LedgerOutcome outcome)
    {
        var index = Array.IndexOf(Names, name);
        outcome = (LedgerOutcome)Math.Max(index, 0);
        return index >= 0;
    }
}
