namespace Gateway.Protocol;

/// <summary>What a request asks of files or batches.</summary>
/// <param name="Action">What is to be done.</param>
/// <param name="Id">The gateway's id of the file or batch; null where none is named.</param>
internal sealed record StoredCall(StoredAction Action, string? Id);
