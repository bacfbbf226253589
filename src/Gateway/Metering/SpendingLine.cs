namespace Gateway.Metering;

/// <summary>What entries took of limits that have these in common. Only entries for which a provider was called take anything.</summary>
/// <param name="Bucket">The number of the bucket since 1970; 0 where none are told apart.</param>
/// <param name="Model">The model as the client wrote it.</param>
/// <param name="Provider">The provider.</param>
/// <param name="Target">The model the provider was asked for.</param>
/// <param name="Requests">How many entries.</param>
/// <param name="Tokens">Their tokens, input and output.</param>
/// <param name="CostNanoUsd">Their cost in nano-dollars.</param>
internal sealed record SpendingLine(long Bucket, string Model, string Provider, string Target, long Requests, long Tokens, long CostNanoUsd);
