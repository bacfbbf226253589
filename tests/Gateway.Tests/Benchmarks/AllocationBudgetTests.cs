using Gateway.Benchmarks.Operations;
using Gateway.Metering;
using Gateway.Routing.Strategies;
using Gateway.Tests.Testing;
using Xunit.Abstractions;

namespace Gateway.Tests.Benchmarks;

/// <summary>Holds the operations that the benchmarks time to the allocation budgets of bench/budgets.json. Bytes don't depend on the machine; times do, and are only measured.</summary>
[Collection(nameof(AllocationBudgetTests))]
[CollectionDefinition(nameof(AllocationBudgetTests), DisableParallelization = true)]
public class AllocationBudgetTests(ITestOutputHelper output)
{
    private const int Runs = 500;

    public static TheoryData<string> Strategies => [.. TargetStrategies.All.Select(s => s.Key)];

    [Theory]
    [InlineData("splice.1k", 1_024)]
    [InlineData("splice.64k", 65_536)]
    [InlineData("splice.1m", 1 << 20)]
    public void Splice_OfAnySize_StaysWithinBudget(string name, int bytes)
    {
        var operation = new SpliceOperation(bytes);
        Hold(name, () => operation.RunAsync().GetAwaiter().GetResult());
    }

    [Theory]
    [InlineData("reply.1k", 1_024)]
    [InlineData("reply.64k", 65_536)]
    public void ReadReply_OfAnySize_StaysWithinBudget(string name, int bytes)
    {
        var operation = new ReplyReadOperation(bytes);
        Hold(name, () => Assert.True(operation.Run()));
    }

    [Fact]
    public void ScanStream_Of20Events_StaysWithinBudget()
    {
        var operation = new StreamScanOperation(20);
        Hold("stream.20-events", () => Assert.True(operation.Run() == operation.Events)); // comparing by Assert.Equal would allocate as well
    }

    [Fact]
    public void Decide_By100Rules_StaysWithinBudget()
    {
        using var operation = new RuleOperation(100);
        Hold("rules.decide-100", () => Assert.True(operation.Run()));
    }

    [Theory]
    [InlineData("key.first-on-connection", false)]
    [InlineData("key.again-on-connection", true)]
    public void FindKey_Among1000_StaysWithinBudget(string name, bool sameConnection)
    {
        var operation = new KeyLookupOperation(1_000, sameConnection);
        Hold(name, () => Assert.True(operation.Run()));
    }

    [Fact]
    public async Task AppendToLedger_OneAfterAnother_StaysWithinBudget()
    {
        await using var ledger = new LedgerAppendOperation();
        await ledger.OpenAsync(FsyncMode.Interval);
        Hold("ledger.append", () => ledger.RunAsync().AsTask().GetAwaiter().GetResult());
    }

    [Fact]
    public async Task ReserveAndSettle_8Limits_StaysWithinBudget()
    {
        await using var operation = new ReserveOperation();
        var calls = operation.Calls;
        Hold("limits.reserve-8", () => Assert.True(operation.Run()));
        Assert.Equal(calls, operation.Calls);
    }

    [Theory]
    [InlineData("translate.request-1k", TranslateOperation.Part.Request)]
    [InlineData("translate.reply-1k", TranslateOperation.Part.Reply)]
    [InlineData("translate.stream-20-events", TranslateOperation.Part.Stream)]
    public void Translate_ChatToMessagesAndBack_StaysWithinBudget(string name, TranslateOperation.Part part)
    {
        var operation = new TranslateOperation();
        Hold(name, () => Assert.True(operation.Run(part) > 0));
    }

    [Theory]
    [MemberData(nameof(Strategies))]
    public void Choose_Among16_StaysWithinBudget(string strategy)
    {
        var operation = new ChooseOperation(strategy, 16);
        Hold("route.choose-16", () => Assert.True(operation.Run() < 16));
    }

    [Theory]
    [InlineData("route.one-target", "priority", 1)]
    [InlineData("route.four-targets", "lowest_latency", 4)]
    public void Route_FirstTargetAnswers_StaysWithinBudget(string name, string strategy, int targets)
    {
        using var operation = new RouteOperation(strategy, targets);
        Hold(name, () => Assert.True(operation.Run()));
    }

    [Fact]
    public void Budgets_AllHaveATest()
    {
        var tested = File.ReadAllText(Path.Combine(Repository.Root, "tests", "Gateway.Tests", "Benchmarks", "AllocationBudgetTests.cs"));
        Assert.All(AllocationBudgets.All().Keys.Where(name => !name.StartsWith("pipeline.", StringComparison.Ordinal)), name => Assert.Contains($"\"{name}\"", tested, StringComparison.Ordinal));
    }

    private void Hold(string name, Action run)
    {
        for (var i = 0; i < Runs; i++)
            run();
        var bytes = AllocationBudgets.Measure(Runs, run);
        var most = AllocationBudgets.All()[name];
        output.WriteLine($"{name}: {bytes} B");
        Assert.True(bytes <= most, $"{name} allocates {bytes} B each time; its budget in bench/budgets.json is {most} B.");
    }
}
