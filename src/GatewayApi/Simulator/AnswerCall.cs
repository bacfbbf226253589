namespace GatewayApi.Simulator;

/// <summary>A tool call.</summary>
/// <param name="Id">The id that its result refers to.</param>
/// <param name="Name">The function's name.</param>
/// <param name="Arguments">Its JSON arguments, in tokens.</param>
internal sealed record AnswerCall(string Id, string Name, IReadOnlyList<string> Arguments);
