using Gateway.Metering;

namespace Gateway.Tests.Metering;

public sealed class RecentSumsTests
{
    private readonly RecentSums _recent = new();

    [Fact]
    public void IsWanted_BeforeSomeoneAsks_IsFalse()
    {
        Assert.False(_recent.IsWanted);
        Assert.Null(_recent.After(0, 10));
        Assert.True(_recent.IsWanted);
    }

    [Fact]
    public void After_SeveralBatches_GivesThoseWithinTheLimitTogether()
    {
        _recent.Add(Batch(1, 4), 1);
        _recent.Add(Batch(5, 5), 1);
        _recent.Add(Batch(6, 9), 1);

        Assert.Equal("1-5: 1 5", Text(_recent.After(0, 8)));
        Assert.Equal("1-5: 1 5", Text(_recent.After(0, 8)));
        Assert.Equal("1-9: 1 5 6", Text(_recent.After(0, 9)));
        Assert.Equal("5-9: 5 6", Text(_recent.After(4, 8)));
        Assert.Null(_recent.After(9, 8));
    }

    [Fact]
    public void After_NotWhereABatchBegins_IsNull()
    {
        _recent.Add(Batch(5, 9), 1);
        Assert.Null(_recent.After(3, 100));
        Assert.Null(_recent.After(4, 4));
        Assert.Equal("5-9: 5", Text(_recent.After(4, 5)));
        Assert.Null(_recent.After(6, 100));
        Assert.Null(_recent.After(4, 100));
    }

    [Fact]
    public void Add_MoreThanThereIsRoomFor_ForgetsAndGoesOn()
    {
        _recent.Add(Batch(1, 4), 1 << 20);
        _recent.Add(Batch(5, 9), (1 << 20) + 1);
        Assert.Null(_recent.After(0, 100));
        Assert.Null(_recent.After(4, 100));
        _recent.Add(Batch(10, 12), 1 << 20);
        _recent.Add(Batch(13, 14), 1 << 20);
        Assert.Equal("13-14: 13", Text(_recent.After(12, 100)));
        _recent.Add(Batch(15, 15), 1 << 20);
        Assert.Equal("13-15: 13 15", Text(_recent.After(12, 100)));
    }

    private static SummedBatch Batch(long first, long last) => new("r", first, last, [(DateTimeOffset.UnixEpoch.AddHours(first), default!, default)]);

    private static string? Text(SummedBatch? batch) =>
        batch is null ? null : $"{batch.First}-{batch.Last}: {string.Join(' ', batch.Lines.Select(line => (line.Hour - DateTimeOffset.UnixEpoch).TotalHours))}";
}
