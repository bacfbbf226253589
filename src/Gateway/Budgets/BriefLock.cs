using System.Diagnostics.CodeAnalysis;

namespace Gateway.Budgets;

/// <summary>
/// A lock for a few instructions at a time: half the price of <see cref="Lock"/> where it is free, which it nearly always is. Who finds it taken spins, then yields.
/// Not for entering twice, nor for waiting inside.
/// </summary>
internal struct BriefLock
{
    private int _taken;

    /// <summary>Takes the lock, until what is returned is disposed of.</summary>
    [UnscopedRef]
    public Scope Enter()
    {
        if (Interlocked.CompareExchange(ref _taken, 1, 0) != 0)
            Wait();
        return new(ref _taken);
    }

    private void Wait()
    {
        var spin = new SpinWait();
        do
            spin.SpinOnce(sleep1Threshold: -1);
        while (Volatile.Read(ref _taken) != 0 || Interlocked.CompareExchange(ref _taken, 1, 0) != 0);
    }

    /// <summary>The time in which the lock is held.</summary>
    public readonly ref struct Scope(ref int taken)
    {
        private readonly ref int _taken = ref taken;

        /// <summary>Gives it back.</summary>
        public void Dispose() => Volatile.Write(ref _taken, 0);
    }
}
