using CsCheck;
using Gateway.Budgets;

namespace Gateway.Tests.Budgets;

/// <summary>
/// Random interleavings of what replicas, their store and the clock can do, one step at a time, against a reference that only adds up what was used and is in
/// flight.
/// </summary>
public class LeaseProtocolTests
{
    /// <summary>Mostly what takes; what breaks, and what gives room again, seldom enough that the limit is reached in between.</summary>
    private static readonly Gen<ProtocolStep> Step = Gen.Frequency(
        (10, Gen.Const(ProtocolStep.Reserve)),
        (8, Gen.Const(ProtocolStep.Ask)),
        (8, Gen.Const(ProtocolStep.Write)),
        (3, Gen.Const(ProtocolStep.Settle)),
        (1, Gen.Enum<ProtocolStep>()));

    private static readonly Gen<(ProtocolStep Step, int Replica, int Number)[]> Steps =
        Gen.Select(Step, Gen.Int[0, 4], Gen.Int[0, 1_000]).Array[20, 200];

    [Fact]
    public void Calendar_AnyInterleaving_NeverExceedsAndLosesNothing() => Check(Limits.Budget(1_000, window: Limits.Minute));

    [Fact]
    public void LongWindow_AnyInterleaving_NeverExceedsAndLosesNothing() => Check(Limits.Budget(500));

    [Fact]
    public void Rolling_AnyInterleaving_NeverExceedsAndLosesNothing() =>
        Check(Limits.Rate(1_000, new(WindowUnit.Minute, 1) { Rolling = true }));

    [Fact]
    public void Held_AnyInterleaving_NeverExceedsAndLosesNothing() => Check(Limits.Held(1_000));

    private static void Check(LimitSpec limit) => Gen.Select(Gen.Int[1, 5], Steps).Sample((replicas, steps) =>
    {
        var model = new ProtocolModel(limit, replicas);
        foreach (var (step, replica, number) in steps)
        {
            model.Do(step, replica % replicas, number);
            model.CheckNow();
        }

        model.Recover();
        model.CheckRecovered();
    }, iter: 3_000, print: t => $"{t.Item1} replicas\n{string.Join("\n", t.Item2)}");
}
