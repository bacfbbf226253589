using CsCheck;
using Gateway.Metering;
using Gateway.Tests.Testing;

namespace Gateway.Tests.Metering;

/// <summary>What is read from a block is what was written into it.</summary>
public sealed class LedgerBlockTests
{
    private static readonly string[] Texts = ["", "a", "b\0c", "é\"\\\n", new('x', 200)];

    private static readonly Gen<LedgerEntry> Entries =
        from number in Gen.OneOf(Gen.Long, Gen.Long[-2, 2], Gen.Const(long.MaxValue), Gen.Const(long.MinValue)).Array[3]
        from text in Gen.Int[0, Texts.Length - 1].Array[3]
        from kind in Gen.Int[0, 3].Array[3]
        select (kind[2] == 0 ? Samples.Full() : Samples.Entry(0)) with
        {
            KeyId = Texts[text[0]],
            RequestId = Texts[text[1]],
            CustomerId = kind[0] == 0 ? null : Texts[text[2]],
            CostNanoUsd = number[0],
            DurationMicros = number[1],
            TimeToFirstTokenMicros = kind[0] == 1 ? null : number[2],
            Outcome = (LedgerOutcome)kind[1],
            AttemptList = kind[1] == 0 ? Samples.Attempts : null,
        };

    [Fact]
    public void TryRead_AnyEntries_AreThoseThatWereAdded() =>
        (from entries in Entries.Array[1, 20]
         from skipped in Gen.Bool.Array[entries.Length]
         select (entries, skipped)).Sample(c =>
         {
             var (values, block, changed) = (new EntryValues(), new LedgerBlockWriter(), 0UL);
             var expected = new List<LedgerEntry>();
             for (var i = 0; i < c.entries.Length; i++)
             {
                 var entry = c.entries[i] with { Replica = "r", Sequence = i + 5 };
                 SpoolLine.Read(Samples.Line(entry), values);
                 changed |= values.Changed;
                 if (c.skipped[i])
                     continue;
                 block.Add(LedgerIds.Of(7, entry.Sequence), values, changed);
                 changed = 0;
                 expected.Add(entry);
             }

             if (expected.Count == 0)
                 return;
             Assert.Equal(LedgerIds.Of(7, expected[0].Sequence), block.Id);
             Assert.Equal(expected.Select(entry => (LedgerIds.Of(7, entry.Sequence), entry)), Read(block.Id, block.Bytes.ToArray()));
         });

    [Fact]
    public void TryRead_AnyByteIsAnother_EndsOrSaysSo()
    {
        var (values, block) = (new EntryValues(), new LedgerBlockWriter());
        for (var i = 1; i < 4; i++)
        {
            SpoolLine.Read(Samples.Line(Samples.Full() with { Replica = "r", Sequence = i, DurationMicros = i }), values);
            block.Add(i, values, values.Changed);
        }

        for (var at = 0; at < block.Bytes.Length; at++)
        {
            foreach (var other in new byte[] { 0, 1, 2, 3, 0x7F, 0x80, 0xFF })
            {
                var bytes = block.Bytes.ToArray();
                bytes[at] = other;
                var reader = new LedgerBlockReader();
                reader.Begin(1, bytes);
                var error = Record.Exception(() => { while (reader.TryRead()) ; });
                Assert.True(error is null or InvalidDataException, error?.ToString());
            }
        }
    }

    [Fact]
    public void TryRead_CutAnywhere_EndsOrSaysSo()
    {
        var (values, block) = (new EntryValues(), new LedgerBlockWriter());
        SpoolLine.Read(Samples.Line(Samples.Full() with { Replica = "r", Sequence = 1 }), values);
        block.Add(1, values, values.Changed);
        for (var length = 1; length < block.Bytes.Length; length++)
            Assert.Throws<InvalidDataException>(() => Read(1, block.Bytes[..length].ToArray()));
    }

    [Fact]
    public void Add_NeighboursOfOneKey_TakeLittleRoom()
    {
        var (values, block) = (new EntryValues(), new LedgerBlockWriter());
        for (var i = 1; i <= 1_000; i++)
        {
            SpoolLine.Read(Samples.Line(Samples.Entry(i) with { Replica = "r", Sequence = i }), values);
            block.Add(i, values, values.Changed);
        }

        Assert.InRange(block.Bytes.Length, 1, 100 * 1_000);
    }

    [Fact]
    public void Fields_AsManyAsThereAre_HaveBits() => Assert.InRange(LedgerFields.All.Length, 1, 64);

    private static List<(long Id, LedgerEntry Entry)> Read(long id, byte[] bytes)
    {
        var reader = new LedgerBlockReader();
        var found = new List<(long, LedgerEntry)>();
        reader.Begin(id, bytes);
        while (reader.TryRead())
            found.Add((reader.Id, reader.Entry.ToEntry()));
        return found;
    }
}
