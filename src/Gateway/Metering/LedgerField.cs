using System.Text;
using System.Text.Json;

namespace Gateway.Metering;

/// <summary>One field of a ledger entry as the spool, the store and the API know it.</summary>
internal sealed class LedgerField
{
    /// <summary>A text field.</summary>
    public LedgerField(string name, Func<LedgerEntry, string?> text, bool nullable = false)
        : this(name, LedgerFieldKind.Text, nullable) => Text = text;

    /// <summary>A text field of another kind.</summary>
    public LedgerField(string name, LedgerFieldKind kind, Func<LedgerEntry, string?> text, bool nullable = false)
        : this(name, kind, nullable) => Text = text;

    /// <summary>A field that is a number underneath.</summary>
    public LedgerField(string name, LedgerFieldKind kind, Func<LedgerEntry, long?> number, bool nullable = false)
        : this(name, kind, nullable) => Number = number;

    private LedgerField(string name, LedgerFieldKind kind, bool nullable)
    {
        Name = name;
        Utf8Name = Encoding.UTF8.GetBytes(name);
        JsonName = JsonEncodedText.Encode(name);
        SpoolMember = Encoding.UTF8.GetBytes($",\"{name}\":");
        Kind = kind;
        Nullable = nullable;
    }

    /// <summary>snake_case; also the column's name.</summary>
    public string Name { get; }

    /// <summary><see cref="Name"/> in UTF-8.</summary>
    public byte[] Utf8Name { get; }

    /// <summary><see cref="Name"/>, ready to write.</summary>
    public JsonEncodedText JsonName { get; }

    /// <summary>What stands before its value in a spool line: a comma, <see cref="Name"/> in quotes, a colon.</summary>
    public byte[] SpoolMember { get; }

    /// <summary>How it is written.</summary>
    public LedgerFieldKind Kind { get; }

    /// <summary>Whether a missing value is null; otherwise it is 0 or the empty string.</summary>
    public bool Nullable { get; }

    /// <summary>Reads a text field, or one of JSON, from an entry.</summary>
    public Func<LedgerEntry, string?>? Text { get; }

    /// <summary>Reads any other field from an entry.</summary>
    public Func<LedgerEntry, long?>? Number { get; }
}
