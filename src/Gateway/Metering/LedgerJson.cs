using System.Text.Json;

namespace Gateway.Metering;

/// <summary>Ledger answers as JSON: snake_case members, money as integer nano-dollars and once more as a decimal string of dollars.</summary>
internal static class LedgerJson
{
    /// <summary>A page: <c>{"data":[…],"next_cursor":"…"|null}</c>.</summary>
    public static void Write(Utf8JsonWriter writer, LedgerPage page)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("data"u8);
        foreach (var entry in page.Entries)
            Write(writer, entry);
        writer.WriteEndArray();
        writer.WriteString("next_cursor"u8, page.NextCursor);
        writer.WriteEndObject();
    }

    /// <summary>One entry, every member present.</summary>
    public static void Write(Utf8JsonWriter writer, LedgerEntry entry)
    {
        writer.WriteStartObject();
        foreach (var field in LedgerFields.All)
        {
            writer.WritePropertyName(field.JsonName);
            if (field.Text is { } text)
                WriteText(writer, field.Kind, text(entry));
            else
                WriteNumber(writer, field.Kind, field.Number!(entry));
        }

        writer.WriteString("cost_usd"u8, NanoUsd.Format(entry.CostNanoUsd));
        writer.WriteEndObject();
    }

    /// <summary>A summary: the span, totals, and one object per model under <c>models</c>.</summary>
    public static void Write(Utf8JsonWriter writer, UsageSummary summary)
    {
        writer.WriteStartObject();
        writer.WriteString("key_id"u8, summary.KeyId);
        writer.WriteString("from"u8, summary.From is { } from ? LedgerTime.Format(LedgerTime.ToMicros(from)) : null);
        writer.WriteString("to"u8, summary.To is { } to ? LedgerTime.Format(LedgerTime.ToMicros(to)) : null);
        writer.WriteNumber("requests"u8, summary.Requests);
        WriteCost(writer, summary.CostNanoUsd);
        writer.WriteStartArray("models"u8);
        foreach (var model in summary.Models)
            Write(writer, model);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, ModelUsage model)
    {
        writer.WriteStartObject();
        writer.WriteString("model"u8, model.Model);
        writer.WriteNumber("requests"u8, model.Requests);
        writer.WriteNumber("estimated_requests"u8, model.Estimated);
        writer.WriteNumber("input_tokens"u8, model.Usage.Input);
        writer.WriteNumber("output_tokens"u8, model.Usage.Output);
        writer.WriteNumber("cache_read_tokens"u8, model.Usage.CacheRead);
        writer.WriteNumber("cache_write_tokens"u8, model.Usage.CacheWrite);
        writer.WriteNumber("reasoning_tokens"u8, model.Usage.Reasoning);
        writer.WriteNumber("audio_input_tokens"u8, model.Usage.AudioInput);
        writer.WriteNumber("audio_output_tokens"u8, model.Usage.AudioOutput);
        writer.WriteNumber("search_units"u8, model.Usage.SearchUnits);
        WriteCost(writer, model.CostNanoUsd);
        writer.WriteEndObject();
    }

    private static void WriteCost(Utf8JsonWriter writer, long nanos)
    {
        writer.WriteNumber("cost_nano_usd"u8, nanos);
        writer.WriteString("cost_usd"u8, NanoUsd.Format(nanos));
    }

    private static void WriteText(Utf8JsonWriter writer, LedgerFieldKind kind, string? value)
    {
        if (kind == LedgerFieldKind.Json && value is not null)
            writer.WriteRawValue(value, skipInputValidation: true);
        else
            writer.WriteStringValue(value);
    }

    private static void WriteNumber(Utf8JsonWriter writer, LedgerFieldKind kind, long? value)
    {
        if (value is not { } number)
            writer.WriteNullValue();
        else if (kind == LedgerFieldKind.Flag)
            writer.WriteBooleanValue(number != 0);
        else if (kind == LedgerFieldKind.Time)
            writer.WriteStringValue(LedgerTime.Format(number));
        else
            writer.WriteNumberValue(number);
    }
}
