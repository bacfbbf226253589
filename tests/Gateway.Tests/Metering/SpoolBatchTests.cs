using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using CsCheck;
using Gateway.Metering;

namespace Gateway.Tests.Metering;

/// <summary>The fields of the ledger are the judge: a line has each of them, in their order, but for those that read back the same when absent.</summary>
public class SpoolBatchTests
{
    [Fact]
    public void Add_AnyEntry_WritesTheFieldsInTheirOrder()
    {
        Check(Samples.Entry(0));
        Check(Samples.Full());
        Check(Samples.Full() with { Estimated = true, Streamed = false, Usage = new TokenUsage(1, 2, 3, 4, 5, 6, 7, 8), CostNanoUsd = long.MaxValue, ResponseModel = "", RequestedModel = "" });
    }

    [Fact]
    public void Add_AnyText_IsWrittenAsJson() =>
        Gen.Select(Gen.OneOf(Gen.Char[' ', '~'], Gen.Char['\0', '\u0100'], Gen.Char).Array[0, 40], Gen.Char[' ', '~'].Array[0, 40]).Sample(
            (any, usual) => Check(Samples.Entry(0) with { RequestedModel = new string(any), Provider = new string(usual), ResponseId = new string(usual[..(usual.Length / 2)]) }),
            iter: 5_000);

    [Fact]
    public void Add_LongText_IsCut() =>
        Check(Samples.Entry(0) with { RequestedModel = new string('m', 1_025), ErrorCode = new string('e', 1_024) });

    private static void Check(LedgerEntry entry)
    {
        var batch = new SpoolBatch();
        batch.Add(entry, "replica-1", 42);
        Assert.Equal(Expected(entry with { Replica = "replica-1", Sequence = 42 }), Encoding.UTF8.GetString(batch.Lines[SpoolFrame.PrefixLength..]));
        Assert.Equal(SpoolFrameState.Whole, SpoolFrame.Read(batch.Lines, out _, out _));
    }

    private static string Expected(LedgerEntry entry)
    {
        var members = new List<string>();
        foreach (var field in LedgerFields.All)
        {
            var value = field.Text is { } text ? Text(field, text(entry)) : Number(field, field.Number!(entry));
            if (value is not null)
                members.Add($"\"{field.Name}\":{value}");
        }

        return $"{{{string.Join(',', members)}}}\n";
    }

    private static string? Text(LedgerField field, string? value) =>
        value is null || (value.Length == 0 && !field.Nullable) ? null
        : field.Kind == LedgerFieldKind.Json ? value
        : $"\"{JsonEncodedText.Encode(value[..Math.Min(value.Length, 1_024)], JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";

    private static string? Number(LedgerField field, long? value) =>
        value is null || (value == 0 && !field.Nullable) ? null : field.Kind == LedgerFieldKind.Flag ? "true" : value.Value.ToString(CultureInfo.InvariantCulture);
}
