namespace Gateway.Routing;

/// <summary>The way of one request whose caller asked for it to be kept.</summary>
/// <param name="RequestId">The request's id; clients choose theirs, so it is unique for a key at most.</param>
/// <param name="KeyId">The virtual key that called.</param>
/// <param name="TeamId">The key's team, or null.</param>
/// <param name="UserId">The key's user, or null.</param>
/// <param name="Json">What happened, as <see cref="DecisionJson"/> writes it.</param>
internal sealed record DecisionRecord(string RequestId, string KeyId, string? TeamId, string? UserId, ReadOnlyMemory<byte> Json);
