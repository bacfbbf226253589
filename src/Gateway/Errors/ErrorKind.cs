namespace Gateway.Errors;

/// <summary>A stable class of error. Codes are part of the public contract and listed in <c>docs/errors.md</c>.</summary>
/// <param name="Code">Stable machine-readable code, snake_case.</param>
/// <param name="Status">HTTP status the client gets while the reply has not started.</param>
/// <param name="Stage">Where it arose.</param>
/// <param name="Blame">Who can mend it.</param>
/// <param name="Retryable">Whether the same request may succeed later.</param>
/// <param name="Type">The <c>error.type</c> of the OpenAI dialect.</param>
internal sealed record ErrorKind(string Code, int Status, ErrorStage Stage, ErrorBlame Blame, bool Retryable, string Type);
