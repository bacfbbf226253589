using Gateway.Errors;

namespace Gateway.Admission.Tokens;

/// <summary>Who calls, or why they are refused: exactly one of the two.</summary>
internal readonly record struct CallerAnswer(VirtualKey? Key, GatewayError? Error);
