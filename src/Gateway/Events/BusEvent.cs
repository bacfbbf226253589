namespace Gateway.Events;

/// <summary>An event, as CloudEvents 1.0 has it.</summary>
/// <param name="Id">Unique for what happened, the same when it is published again.</param>
/// <param name="Type">What happened, e.g. <c>gateway.usage.v1</c>.</param>
/// <param name="Json">The data, UTF-8 JSON.</param>
internal sealed record BusEvent(string Id, string Type, ReadOnlyMemory<byte> Json);
