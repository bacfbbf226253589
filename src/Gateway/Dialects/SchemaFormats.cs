namespace Gateway.Dialects;

/// <summary>Formats of texts in JSON Schema.</summary>
internal static class SchemaFormats
{
    /// <summary>Those that Claude can be held to, wherever it is served.</summary>
    public static readonly string[] Common = ["date-time", "time", "date", "duration", "email", "hostname", "uri", "ipv4", "ipv6", "uuid"];
}
