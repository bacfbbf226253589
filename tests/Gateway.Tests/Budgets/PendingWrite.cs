using Gateway.Budgets;

namespace Gateway.Tests.Budgets;

/// <summary>A change on its way to the store.</summary>
internal sealed record PendingWrite(Allowance Allowance, LimitValue Value, LeaseStep Step, int ETag);
